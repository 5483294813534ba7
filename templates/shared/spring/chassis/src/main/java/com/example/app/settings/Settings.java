package com.example.app.settings;

import com.example.app.database.DatabaseUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.catalina.util.NetMask;

/**
 * Everything the environment decides, read and checked once at start.
 *
 * @param publicUrl what visitors use to reach this server, without a trailing slash
 * @param trustedProxies networks in CIDR notation, such as {@code 10.0.0.0/8}
 * @param maxBodyBytes largest request body
 * @param rateLimit requests a minute for one client; 0 is off
 */
public record Settings(
    Mode mode,
    String host,
    int port,
    DatabaseUrl databaseUrl,
    String secretKey,
    URI publicUrl,
    List<String> corsOrigins,
    List<String> trustedProxies,
    int maxBodyBytes,
    int rateLimit,
    String logLevel,
    boolean docsEnabled) {

  /** Where the program runs. */
  public enum Mode {
    DEVELOPMENT,
    TEST,
    PRODUCTION
  }

  private static final Map<String, Mode> MODES =
      Map.of("development", Mode.DEVELOPMENT, "test", Mode.TEST, "production", Mode.PRODUCTION);
  private static final Map<String, String> LOG_LEVELS =
      Map.of("debug", "debug", "info", "info", "warn", "warn", "warning", "warn", "error", "error");
  private static final Map<String, Boolean> SWITCH = Map.of("true", true, "false", false);

  /** Reads the process's environment, and {@code .env} in development. */
  public static Settings fromEnvironment() {
    return from(Environment.variables(System.getenv(), Path.of(".env")));
  }

  /**
   * Reads the given variables.
   *
   * @throws InvalidSettingsException naming every variable that is missing or malformed
   */
  public static Settings from(Map<String, String> variables) {
    Environment env = new Environment(variables);
    Optional<Mode> mode = env.read("APP_ENV", "development", Environment.oneOf(MODES));
    boolean production = mode.filter(Mode.PRODUCTION::equals).isPresent();
    Optional<String> host = env.read("HOST", "127.0.0.1", Settings::hostname);
    Optional<Integer> port = env.read("PORT", "3000", Environment.integer(0, 65_535));
    Optional<DatabaseUrl> databaseUrl = env.read("DATABASE_URL", null, DatabaseUrl::parse);
    Optional<String> secretKey = env.read("SECRET_KEY", null, text -> secret(text, production));
    Optional<URI> publicUrl =
        env.read(
            "PUBLIC_URL",
            production ? null : "http://127.0.0.1:" + port.orElse(3000),
            Settings::origin);
    Optional<List<String>> corsOrigins =
        env.read("CORS_ORIGINS", "", Environment.listOf(text -> origin(text).toString()));
    Optional<List<String>> trustedProxies =
        env.read("TRUSTED_PROXIES", "", Environment.listOf(Settings::network));
    Optional<Integer> maxBodyBytes =
        env.read("MAX_BODY_BYTES", "1048576", Environment.integer(1, 1 << 30));
    Optional<Integer> rateLimit =
        env.read("RATE_LIMIT", "300", Environment.integer(0, Integer.MAX_VALUE));
    Optional<String> logLevel = env.read("LOG_LEVEL", "info", Environment.oneOf(LOG_LEVELS));
    Optional<Boolean> docsEnabled =
        env.read("DOCS_ENABLED", production ? "false" : "true", Environment.oneOf(SWITCH));
    env.check();
    return new Settings(
        mode.orElseThrow(),
        host.orElseThrow(),
        port.orElseThrow(),
        databaseUrl.orElseThrow(),
        secretKey.orElseThrow(),
        publicUrl.orElseThrow(),
        corsOrigins.orElseThrow(),
        trustedProxies.orElseThrow(),
        maxBodyBytes.orElseThrow(),
        rateLimit.orElseThrow(),
        logLevel.orElseThrow(),
        docsEnabled.orElseThrow());
  }

  /** The part of it that Spring Boot itself acts on, in its own names. */
  public Map<String, Object> springProperties() {
    return Map.of(
        "server.address", host,
        "server.port", port,
        "logging.level.root", logLevel,
        "springdoc.api-docs.enabled", docsEnabled,
        "springdoc.swagger-ui.enabled", docsEnabled);
  }

  /** Not the record's default, which would print the secrets. */
  @Override
  public String toString() {
    return "Settings[" + mode + "]";
  }

  private static String hostname(String text) {
    if (!text.matches("[0-9A-Za-z.:-]{1,253}")) {
      throw new IllegalArgumentException("must be a host name or an address");
    }
    return text;
  }

  private static String secret(String text, boolean production) {
    if (production && (text.length() < 32 || text.startsWith("change-me"))) {
      throw new IllegalArgumentException(
          "must be at least 32 random characters in production, not the example's");
    }
    return text;
  }

  private static String network(String text) {
    // Never a name, which would be looked up, here and then for every request.
    if (text.matches("([0-9]{1,3}\\.){3}[0-9]{1,3}(/.+)?|[0-9A-Fa-f.]*:.*")) {
      try {
        String whole = text.contains(":") ? "/128" : "/32";
        return new NetMask(text.contains("/") ? text : text + whole).toString();
      } catch (IllegalArgumentException e) {
        // refused below
      }
    }
    throw new IllegalArgumentException("must hold networks such as 10.0.0.0/8");
  }

  private static URI origin(String text) {
    if (text.matches("https?://[^/?#@]+/?")) {
      try {
        URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        if (uri.getHost() != null && uri.getPort() <= 65_535) {
          return uri;
        }
      } catch (URISyntaxException e) {
        // refused below
      }
    }
    throw new IllegalArgumentException("must be like https://example.com, without a path");
  }
}
