package com.example.app.links;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A link as its owner sees it. */
@Schema(
    requiredProperties = {
      "id",
      "code",
      "shortUrl",
      "url",
      "enabled",
      "expiresAt",
      "clicks",
      "createdAt",
      "updatedAt"
    })
record LinkView(
    String id,
    String code,
    String shortUrl,
    String url,
    boolean enabled,
    @Schema(
            types = {"string", "null"},
            format = "date-time")
        @Nullable Instant expiresAt,
    long clicks,
    Instant createdAt,
    Instant updatedAt) {}
