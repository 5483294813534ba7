package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {

  @ParameterizedTest
  @CsvSource({
    "2030-01-31T12:00:00Z, 2030-01-31T12:00:00Z",
    "2030-01-31t12:00:00z, 2030-01-31T12:00:00Z",
    "2030-01-31T12:00:00.123999Z, 2030-01-31T12:00:00.123Z",
    "2030-01-31T12:00:00+05:30, 2030-01-31T06:30:00Z",
    "2030-01-31T12:00:00-23:59, 2030-02-01T11:59:00Z",
    "2030-01-31T12:00:00-00:00, 2030-01-31T12:00:00Z",
  })
  void readsEveryOffsetAndTruncatesToMilliseconds(String text, Instant expected) {
    assertThat(Rfc3339.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2030-01-31",
        "2030-01-31T12:00:00",
        "2030-01-31T12:00Z",
        "2030-01-31 12:00:00Z",
        "2030-02-30T12:00:00Z",
        "2030-01-31T24:00:00Z",
        "2030-12-31T23:59:60Z",
        "2030-01-31T12:00:00+0100",
        "2030-01-31T12:00:00+24:00",
        "9999-12-31T23:59:59-00:01",
        "tomorrow",
      })
  void refusesEverythingElse(String text) {
    assertThat(Rfc3339.parse(text)).isEmpty();
  }
}
