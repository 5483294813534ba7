package com.example.app.links;

import java.time.LocalDate;
import java.util.UUID;

/**
 * What is kept of a visit. Nothing of the visitor.
 *
 * @param day in UTC
 * @param referrer the referring page's host, or empty
 */
record Click(UUID linkId, LocalDate day, String referrer) {}
