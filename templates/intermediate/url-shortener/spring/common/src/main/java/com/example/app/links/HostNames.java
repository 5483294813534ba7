package com.example.app.links;

import com.ibm.icu.text.IDNA;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.util.InvalidUrlException;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder.ParserType;

/** Hosts as browsers read them, by UTS 46 and the WHATWG URL Standard. */
final class HostNames {

  // Not java.net.IDN, whose older rules turn ß into ss: another host.
  private static final IDNA UTS46 =
      IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);
  private static final Set<IDNA.Error> ALLOWED_BY_BROWSERS =
      EnumSet.of(
          IDNA.Error.EMPTY_LABEL,
          IDNA.Error.LABEL_TOO_LONG,
          IDNA.Error.DOMAIN_NAME_TOO_LONG,
          IDNA.Error.LEADING_HYPHEN,
          IDNA.Error.TRAILING_HYPHEN,
          IDNA.Error.HYPHEN_3_4);

  private HostNames() {}

  /** The host in ASCII, or empty if browsers refuse it. */
  static Optional<String> toAscii(String host) {
    if (host.startsWith("[")) {
      return Optional.of(host);
    }
    String decoded;
    try {
      decoded = URLDecoder.decode(host.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    StringBuilder ascii = new StringBuilder();
    IDNA.Info info = new IDNA.Info();
    UTS46.nameToASCII(decoded, ascii, info);
    boolean isHost =
        ALLOWED_BY_BROWSERS.containsAll(info.getErrors())
            && ascii.chars().noneMatch(c -> "/?#@:\\".indexOf(c) >= 0);
    return isHost ? Optional.of(ascii.toString()) : Optional.empty();
  }

  /**
   * The one spelling of a host that all others come down to, or empty if browsers refuse it: {@code
   * 0x7f.1} is {@code 127.0.0.1}.
   */
  static Optional<String> canonical(String host) {
    return toAscii(host)
        .map(ascii -> {
          try {
            String parsed =
                UriComponentsBuilder.fromUriString("http://" + ascii, ParserType.WHAT_WG)
                    .build()
                    .getHost();
            return parsed == null || parsed.isEmpty() ? null : parsed.replaceFirst("\\.$", "");
          } catch (InvalidUrlException e) {
            return null;
          }
        });
  }
}
