package com.example.app.links;

import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The body that creates a link. */
record NewLink(
    @NotNull(message = "is required") @SafeTarget String url,
    @FreeCode @Nullable String code,
    @Future(message = "must lie in the future") @Nullable Instant expiresAt) {}
