package com.example.app.links;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import jakarta.validation.constraints.Future;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body that edits a link: a member that is absent stays as it is (RFC 7396).
 *
 * <p>Not a record, because a constructor cannot tell an absent member from a null one; of an
 * object, Jackson sets only what is there.
 */
@Schema(additionalProperties = AdditionalPropertiesValue.FALSE)
final class LinkPatch {

  @JsonProperty
  @JsonSetter(nulls = Nulls.FAIL)
  @SafeTarget
  @Schema(maxLength = 2_048)
  private @Nullable String url;

  @JsonProperty
  @JsonSetter(nulls = Nulls.FAIL)
  private @Nullable Boolean enabled;

  @JsonProperty
  @Schema(
      types = {"string", "null"},
      format = "date-time")
  @SuppressWarnings(
      "NullableOptional") // null if absent; empty if it was null, which clears the expiry
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
