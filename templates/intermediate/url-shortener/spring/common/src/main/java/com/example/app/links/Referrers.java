package com.example.app.links;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a visit came from, reduced to what the owner may know. */
final class Referrers {

  private static final int MAX_LENGTH = 253;

  private Referrers() {}

  /** The host in a {@code Referer} header, lower-cased, or empty if there is none to be found. */
  static String host(@Nullable String referer) {
    if (referer == null) {
      return "";
    }
    try {
      String host = new URI(referer).getHost();
      return host == null || host.length() > MAX_LENGTH ? "" : host.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return "";
    }
  }
}
