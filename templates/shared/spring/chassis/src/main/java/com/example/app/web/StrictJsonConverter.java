package com.example.app.web;

import com.example.app.web.Problem.FieldError;
import com.example.app.web.Problem.Kind;
import jakarta.validation.Validator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads request bodies in two steps: is it JSON at all (400), and has it the right members (422)?
 *
 * <p>Jackson alone would mix the two and let through what later layers choke on: it mends broken
 * UTF-8, reads {@code 1e999} as Infinity, and passes on NUL characters, which PostgreSQL cannot
 * store and would answer with a 500.
 */
class StrictJsonConverter extends JacksonJsonHttpMessageConverter {

  private final Validator validator;
  private final int maxBodyBytes;

  StrictJsonConverter(JsonMapper mapper, Validator validator, int maxBodyBytes) {
    super(mapper);
    this.validator = validator;
    this.maxBodyBytes = maxBodyBytes;
    setSupportedMediaTypes(List.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_PROBLEM_JSON));
  }

  @Override
  public Object read(
      ResolvableType type, HttpInputMessage message, @Nullable Map<String, Object> hints)
      throws IOException {
    JsonNode tree = parse(message.getBody().readNBytes(maxBodyBytes + 1));
    check(tree, "");
    if (!tree.isObject()) {
      throw new ProblemException(Problem.invalid("", "must be an object"));
    }
    return bind(tree.asObject(), getMapper().constructType(type.getType()));
  }

  /**
   * Jackson stops at the first member that does not fit. So that a client learns of all its
   * mistakes at once, that one is noted and taken out, and what is left is tried again, and
   * validated.
   */
  private Object bind(ObjectNode body, JavaType type) {
    List<FieldError> errors = new ArrayList<>();
    while (true) {
      try {
        Object value = getMapper().readerFor(type).readValue(body);
        if (errors.isEmpty()) {
          return value; // Spring validates it
        }
        Set<String> named = errors.stream().map(FieldError::field).collect(Collectors.toSet());
        validator.validate(value).stream()
            .map(each -> new FieldError(each.getPropertyPath().toString(), each.getMessage()))
            .filter(error -> !named.contains(error.field()))
            .forEach(errors::add);
        throw new ProblemException(Problem.invalid(errors));
      } catch (DatabindException e) {
        errors.add(new FieldError(fieldOf(e), messageOf(e)));
        if (e.getPath().isEmpty()
            || body.remove(e.getPath().getFirst().getPropertyName()) == null) {
          throw new ProblemException(Problem.invalid(errors));
        }
      }
    }
  }

  private JsonNode parse(byte[] body) {
    if (body.length > maxBodyBytes) {
      throw new ProblemException(
          Kind.PAYLOAD_TOO_LARGE, "The body may have at most " + maxBodyBytes + " bytes.");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (!text.isBlank()) {
        return getMapper().readTree(text);
      }
    } catch (CharacterCodingException | JacksonException e) {
      throw malformed("The body is not JSON.");
    }
    throw malformed("A JSON body is needed.");
  }

  private static void check(JsonNode node, String path) {
    if (node.isString()) {
      checkText(node.stringValue(), path);
    } else if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
      throw malformed("The body holds a number without a finite value.");
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        check(node.get(i), join(path, Integer.toString(i)));
      }
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        checkText(member.getKey(), path);
        check(member.getValue(), join(path, member.getKey()));
      }
    }
  }

  private static void checkText(String text, String path) {
    if (text.indexOf('\0') >= 0) {
      throw malformed("The body holds a NUL character.");
    }
    // Half of a surrogate pair has no UTF-8 form: it could be neither stored nor sent back.
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new ProblemException(Problem.invalid(path, "holds half a character"));
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String fieldOf(DatabindException e) {
    return e.getPath().stream()
        .map(step ->
            step.getPropertyName() == null
                ? Integer.toString(step.getIndex())
                : step.getPropertyName())
        .collect(Collectors.joining("."));
  }

  private static String messageOf(DatabindException e) {
    if (e instanceof UnrecognizedPropertyException) {
      return "is not a known member";
    }
    if (e instanceof InvalidNullException) {
      return "must not be null";
    }
    Class<?> wanted = e instanceof MismatchedInputException m ? m.getTargetType() : null;
    return switch (wanted == null ? "" : wanted.getSimpleName()) {
      case "String" -> "must be a string";
      case "Boolean" -> "must be true or false";
      case "Instant" -> "must be a time with an offset, such as 2030-01-31T12:00:00Z";
      default -> "has the wrong type";
    };
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(Kind.MALFORMED_BODY, detail);
  }
}
