package com.example.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLogFormatter;

/** One JSON object a line, with the values that the code attached to the message. */
public class JsonLogFormat implements StructuredLogFormatter<ILoggingEvent> {

  private final JsonWriter<ILoggingEvent> writer =
      JsonWriter.<ILoggingEvent>of(
              members -> {
                members.add("time", event -> event.getInstant().toString());
                members.add("level", event -> event.getLevel().toString().toLowerCase(Locale.ROOT));
                members.add("message", ILoggingEvent::getFormattedMessage);
                members
                    .from(ILoggingEvent::getKeyValuePairs)
                    .whenNotNull()
                    .usingExtractedPairs(
                        List::forEach, (KeyValuePair pair) -> pair.key, pair -> pair.value);
                members.add("logger", ILoggingEvent::getLoggerName);
                members
                    .add("error", ILoggingEvent::getThrowableProxy)
                    .whenNotNull()
                    .as(ThrowableProxyUtil::asString);
              })
          .withNewLineAtEnd();

  @Override
  public String format(ILoggingEvent event) {
    return writer.writeToString(event);
  }
}
