package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {

  @Test
  void whatIsMissingHasADefault() {
    assertThat(new QueryParameters(null).integer("limit", 20, 1, 100)).isEqualTo(20);
    assertThat(new QueryParameters("q[$ne]=1&other=%ff").text("q", 10)).isEmpty();
  }

  @Test
  void textIsDecodedOnce() {
    assertThat(new QueryParameters("q=a+b%2B%2525").text("q", 10)).contains("a b+%25");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=",
        "limit=0",
        "limit=101",
        "limit=1.0",
        "limit=%2B1",
        "limit=0001",
        "limit=1&limit=2"
      })
  void aBadNumberIsRefused(String query) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> new QueryParameters(query).integer("limit", 20, 1, 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"q=%00", "q=%ff", "q=%zz", "q=%", "q=a&q=a", "q=12345678901"})
  void badTextIsRefused(String query) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> new QueryParameters(query).text("q", 10))
        .satisfies(e -> assertThat(e.problem().status()).isEqualTo(422));
  }
}
