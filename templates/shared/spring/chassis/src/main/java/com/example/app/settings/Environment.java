package com.example.app.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads variables and remembers every problem, so that all of them are reported at once. */
final class Environment {

  private final Map<String, String> values;
  private final List<String> problems = new ArrayList<>();

  Environment(Map<String, String> values) {
    this.values = values;
  }

  /**
   * The process's environment and, in development only, what the {@code .env} file adds to it. The
   * real environment wins: a file that was left behind must never change how a deployed server
   * runs.
   */
  static Map<String, String> variables(Map<String, String> process, Path dotEnv) {
    String mode = process.getOrDefault("APP_ENV", "");
    if (!(mode.isEmpty() || mode.equals("development")) || !Files.isRegularFile(dotEnv)) {
      return process;
    }
    Map<String, String> merged = new HashMap<>();
    try {
      for (String line : Files.readAllLines(dotEnv)) {
        int equals = line.indexOf('=');
        if (equals > 0 && !line.startsWith("#")) {
          String value = line.substring(equals + 1).strip().replaceFirst("^([\"'])(.*)\\1$", "$2");
          merged.put(line.substring(0, equals).strip(), value);
        }
      }
    } catch (IOException e) {
      throw new InvalidSettingsException(List.of(dotEnv + " cannot be read: " + e.getMessage()));
    }
    merged.putAll(process);
    return merged;
  }

  /**
   * One variable.
   *
   * @param fallback what counts when it is missing or empty; null makes it required
   * @param parser turns the text into a value, or throws IllegalArgumentException with the reason
   * @return the value, or nothing if there is a problem with it, of which {@link #check} will tell
   */
  <T> Optional<T> read(String name, @Nullable String fallback, Function<String, T> parser) {
    String given = values.getOrDefault(name, "");
    String text = given.isEmpty() ? fallback : given;
    try {
      if (text == null) {
        throw new IllegalArgumentException("is missing");
      }
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      problems.add(name + " " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Throws if any variable had a problem. */
  void check() {
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
  }

  static Function<String, Integer> integer(int least, int most) {
    return text -> {
      if (text.matches("[0-9]{1,10}")) {
        long number = Long.parseLong(text);
        if (number >= least && number <= most) {
          return (int) number;
        }
      }
      throw new IllegalArgumentException("must be a whole number from " + least + " to " + most);
    };
  }

  static <T> Function<String, T> oneOf(Map<String, T> choices) {
    return text -> {
      T value = choices.get(text);
      if (value == null) {
        throw new IllegalArgumentException(
            "must be one of " + String.join(", ", choices.keySet().stream().sorted().toList()));
      }
      return value;
    };
  }

  static <T> Function<String, List<T>> listOf(Function<String, T> parser) {
    return text -> {
      List<T> items = new ArrayList<>();
      for (String item : text.split(",", -1)) {
        if (!item.isBlank()) {
          items.add(parser.apply(item.strip()));
        }
      }
      return List.copyOf(items);
    };
  }
}
