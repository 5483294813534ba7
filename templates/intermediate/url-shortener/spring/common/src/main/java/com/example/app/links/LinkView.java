package com.example.app.links;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A link as its owner sees it. */
record LinkView(
    String id,
    String code,
    String shortUrl,
    String url,
    boolean enabled,
    @Nullable Instant expiresAt,
    long clicks,
    Instant createdAt,
    Instant updatedAt) {}
