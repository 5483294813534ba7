package com.example.app.web;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.module.SimpleModule;

/** JSON as the API speaks it, as far as {@code application.yml} cannot say it. */
@Configuration(proxyBeanMethods = false)
class JsonConfiguration {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Nothing is turned into another type, neither an empty string into null nor 1 into a text. */
  @Bean
  static JsonMapperBuilderCustomizer noCoercion() {
    return json ->
        json.withCoercionConfigDefaults(coercions -> {
          for (CoercionInputShape shape : CoercionInputShape.values()) {
            coercions.setCoercion(shape, CoercionAction.Fail);
          }
        });
  }

  @Bean
  static JacksonModule times() {
    return new SimpleModule()
        .addSerializer(Instant.class, new TimeSerializer())
        .addDeserializer(Instant.class, new TimeDeserializer());
  }

  private static final class TimeSerializer extends ValueSerializer<Instant> {
    @Override
    public void serialize(Instant time, JsonGenerator out, SerializationContext context) {
      out.writeString(TIME.format(time));
    }
  }

  private static final class TimeDeserializer extends ValueDeserializer<Instant> {
    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) {
      String text = in.getValueAsString();
      if (text == null || !in.currentToken().isScalarValue() || in.currentToken().isNumeric()) {
        return (Instant) context.handleUnexpectedToken(Instant.class, in);
      }
      return Rfc3339.parse(text)
          .orElseThrow(() -> context.weirdStringException(text, Instant.class, "not RFC 3339"));
    }
  }
}
