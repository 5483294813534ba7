package com.example.app.links;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import jakarta.validation.constraints.Future;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body that edits a link, a JSON merge patch: a member that is absent stays as it is.
 *
 * <p>Not a record, because a constructor cannot tell an absent member from a null one; of an object, Jackson sets only what is there.
 */
final class LinkPatch {

  @JsonProperty
  @JsonSetter(nulls = Nulls.FAIL)
  @SafeTarget
  private @Nullable String url;

  @JsonProperty
  @JsonSetter(nulls = Nulls.FAIL)
  private @Nullable Boolean enabled;

  @JsonProperty
  @SuppressWarnings("NullableOptional") // null if absent; empty if it was null, which clears the expiry
  private @Nullable Optional<@Future(message = "must lie in the future") Instant> expiresAt;

  String url(String current) {
    return url == null ? current : url;
  }

  boolean enabled(boolean current) {
    return enabled == null ? current : enabled;
  }

  @Nullable Instant expiresAt(@Nullable Instant current) {
    return expiresAt == null ? current : expiresAt.orElse(null);
  }
}
