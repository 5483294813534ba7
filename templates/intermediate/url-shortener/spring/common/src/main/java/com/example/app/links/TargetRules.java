package com.example.app.links;

import java.net.IDN;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which URLs a link may lead to.
 *
 * <p>The text is kept and sent on exactly as it was given, so it is not enough that some parser
 * accepts it: what is refused here is whatever a browser would read differently. Browsers drop tabs
 * and line ends, take {@code \} for {@code /}, decode the host, and read {@code 0x7f000001} as an
 * address. A link to ourselves would redirect in a circle.
 */
final class TargetRules {

  private static final int MAX_LENGTH = 2_048;
  private static final Pattern PARTS =
      Pattern.compile("(?i:https?)://([^/?#]*)(?:[/?#].*)?", Pattern.DOTALL);
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+)(?::([0-9]{0,5}))?");

  private final String ownHost;

  TargetRules(URI publicUrl) {
    this.ownHost = canonical(publicUrl.getHost());
  }

  /** Why a URL is refused; empty if it is not. */
  Optional<String> objectionTo(String url) {
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
    String host = canonical(authority.group(1));
    if (host.isEmpty() || host.equals(ownHost)) {
      return Optional.of("must lead to another site");
    }
    return Optional.empty();
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

  /** A host as browsers see it, so that no other spelling of ours gets through. */
  static String canonical(String host) {
    String text = host;
    try {
      text = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      text = IDN.toASCII(text, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException e) {
      // Not a name that the DNS knows, so it cannot be ours.
    }
    text = text.toLowerCase(Locale.ROOT);
    if (text.endsWith(".")) {
      text = text.substring(0, text.length() - 1);
    }
    return ipv4(text).orElse(text);
  }

  /**
   * The address that the WHATWG URL Standard reads from one to four decimal, octal or hexadecimal
   * numbers.
   */
  private static Optional<String> ipv4(String host) {
    String[] parts = host.split("\\.", -1);
    if (parts.length > 4) {
      return Optional.empty();
    }
    long address = 0;
    try {
      for (int i = 0; i < parts.length; i++) {
        long number = number(parts[i]);
        boolean last = i == parts.length - 1;
        int bytesLeft = 4 - i;
        if (number < 0 || number >= (last ? 1L << (8 * bytesLeft) : 256)) {
          return Optional.empty();
        }
        address += last ? number : number << (8 * (3 - i));
      }
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    return Optional.of(
        (address >> 24)
            + "."
            + (address >> 16 & 255)
            + "."
            + (address >> 8 & 255)
            + "."
            + (address & 255));
  }

  private static long number(String text) {
    if (text.startsWith("0x")) {
      return text.length() == 2 ? 0 : Long.parseLong(text.substring(2), 16);
    }
    return text.length() > 1 && text.startsWith("0")
        ? Long.parseLong(text, 8)
        : Long.parseLong(text);
  }
}
