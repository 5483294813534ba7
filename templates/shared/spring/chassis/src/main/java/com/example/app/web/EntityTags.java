package com.example.app.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;

/**
 * Conditional requests (RFC 9110, section 13): a version number as an ETag, and the headers that
 * compare it.
 */
public final class EntityTags {

  private EntityTags() {}

  public static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Whether {@code If-Match} lets a write happen.
   *
   * @param ifMatch the header; without it every write may
   */
  public static boolean permitsWrite(@Nullable String ifMatch, long version) {
    return ifMatch == null || matches(ifMatch, version, true);
  }

  /** Whether {@code If-None-Match} says that the client has this version already. */
  public static boolean isCurrent(@Nullable String ifNoneMatch, long version) {
    return ifNoneMatch != null && matches(ifNoneMatch, version, false);
  }

  private static boolean matches(String header, long version, boolean strong) {
    ETag current = ETag.create(of(version));
    List<ETag> offered = ETag.parse(header);
    return offered.stream().anyMatch(each -> each.isWildcard() || each.compare(current, strong));
  }
}
