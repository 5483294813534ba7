package com.example.app.links;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which URLs a link may lead to, and how they are sent.
 *
 * <p>The text is kept exactly as it was given, so it is not enough that some parser accepts it:
 * what is refused here is whatever a browser would read differently. Browsers drop tabs and line
 * ends, take {@code \} for {@code /}, decode the host, and read {@code 0x7f000001} as an address. A
 * link to ourselves would redirect in a circle.
 */
final class TargetRules {

  private static final int MAX_LENGTH = 2_048;
  private static final Pattern PARTS =
      Pattern.compile("(?i:https?)://([^/?#]*)(?:[/?#].*)?", Pattern.DOTALL);
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+)(?::([0-9]{0,5}))?");

  private final String ownHost;

  TargetRules(URI publicUrl) {
    this.ownHost = HostNames.canonical(publicUrl.getHost()).orElse(publicUrl.getHost());
  }

  /** Why a URL is refused; empty if it is not. */
  Optional<String> rejection(String url) {
    if (url.codePointCount(0, url.length()) > MAX_LENGTH) {
      return Optional.of("may have at most 2048 characters");
    }
    if (url.codePoints().anyMatch(TargetRules::isHidden)) {
      return Optional.of("must not hold spaces, control characters or backslashes");
    }
    Matcher parts = PARTS.matcher(url);
    if (!parts.matches()) {
      return Optional.of("must begin with http:// or https://");
    }
    if (parts.group(1).contains("@")) {
      return Optional.of("must not hold a user name or password");
    }
    Matcher authority = AUTHORITY.matcher(parts.group(1));
    if (!authority.matches() || !isPort(authority.group(2))) {
      return Optional.of("must name a host, with a valid port if any");
    }
    Optional<String> host = HostNames.canonical(authority.group(1));
    if (host.isEmpty()) {
      return Optional.of("must name a host that browsers understand");
    }
    return host.get().equals(ownHost) ? Optional.of("must lead to another site") : Optional.empty();
  }

  /**
   * A URL as a {@code Location} header can carry it, as not every client understands other
   * characters than ASCII there. One in ASCII stays as it is.
   */
  static String toAscii(String url) {
    if (isAscii(url)) {
      return url;
    }
    String result = url;
    Matcher parts = PARTS.matcher(url);
    if (parts.matches() && !isAscii(parts.group(1))) {
      Matcher authority = AUTHORITY.matcher(parts.group(1));
      if (authority.matches()) {
        String host = authority.group(1);
        int start = parts.start(1);
        result =
            url.substring(0, start)
                + HostNames.toAscii(host).orElse(host)
                + url.substring(start + host.length());
      }
    }
    StringBuilder ascii = new StringBuilder(result.length());
    for (byte b : result.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0) {
        ascii.append((char) b);
      } else {
        ascii.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return ascii.toString();
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static boolean isHidden(int c) {
    return c == '\\'
        || Character.isISOControl(c)
        || Character.isSpaceChar(c)
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private static boolean isPort(String port) {
    return port == null || port.isEmpty() || Integer.parseInt(port) <= 65_535;
  }
}
