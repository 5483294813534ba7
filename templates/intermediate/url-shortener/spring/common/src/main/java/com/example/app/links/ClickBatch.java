package com.example.app.links;

import java.util.Map;
import java.util.UUID;

/** Clicks that are counted together, under an id of their own. */
record ClickBatch(UUID id, Map<Click, Long> clicks) {}
