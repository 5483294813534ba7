package com.example.app.links;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import jakarta.validation.constraints.Future;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body that edits a link, a JSON merge patch: a member that is absent stays as it is.
 *
 * @param expiresAt null if absent, empty if it was {@code null} and so clears the expiry
 */
@SuppressWarnings("NullableOptional") // the two kinds of nothing are the point here
record LinkPatch(
    @JsonSetter(nulls = Nulls.FAIL) @SafeTarget @Nullable String url,
    @JsonSetter(nulls = Nulls.FAIL) @Nullable Boolean enabled,
    @Nullable Optional<@Future(message = "must lie in the future") Instant> expiresAt) {}
