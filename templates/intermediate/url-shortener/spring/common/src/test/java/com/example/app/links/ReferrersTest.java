package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferrersTest {

  @Test
  void onlyTheHostIsKept() {
    assertThat(Referrers.host("https://News.Example:8443/private?user=ann"))
        .isEqualTo("news.example");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "nonsense", "about:blank", "https://", "http://a b/"})
  void whatHasNoHostCountsAsNone(String referer) {
    assertThat(Referrers.host(referer)).isEmpty();
  }
}
