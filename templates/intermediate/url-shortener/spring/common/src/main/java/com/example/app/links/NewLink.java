package com.example.app.links;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The body that creates a link. */
@Schema(additionalProperties = AdditionalPropertiesValue.FALSE)
record NewLink(
    @NotNull(message = "is required") @SafeTarget @Schema(maxLength = 2_048) String url,
    @FreeCode @Schema(pattern = "^" + Codes.PATTERN + "$", minLength = 3, maxLength = 32)
        @Nullable String code,
    @Future(message = "must lie in the future")
        @Schema(
            types = {"string", "null"},
            format = "date-time")
        @Nullable Instant expiresAt) {}
