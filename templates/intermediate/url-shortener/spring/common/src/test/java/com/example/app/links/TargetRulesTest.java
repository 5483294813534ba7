package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetRulesTest {

  private final TargetRules rules = new TargetRules(URI.create("http://127.0.0.1:3000"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "HTTPS://Example.COM/Path?q=ü#f",
        "http://example.com:8080/a@b",
        "https://münchen.example/😀",
        "https://[2001:db8::1]/",
        "http://127.0.0.2/",
        "https://example.com/%ff{x}",
      })
  void otherSitesAreFine(String url) {
    assertThat(rules.objectionTo(url)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "javascript:alert(1)",
        "ftp://example.com",
        "//example.com",
        "https:example.com",
        "https://",
        "https:///path",
        "https://?q",
        "https://example.com:99999",
        "https://example.com:port",
        "https://[::1",
      })
  void onlyAbsoluteWebAddresses(String url) {
    assertThat(rules.objectionTo(url)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user@example.com",
        "https://example.com\\@evil.example",
        "https://example.com/\r\nSet-Cookie: x",
        "https://example.com/a b",
        "https://example.com/\u0085",
        "https://example.com/\u2028",
        "https://example.com/\ud800",
        " https://example.com",
      })
  void nothingThatBrowsersReadDifferently(String url) {
    assertThat(rules.objectionTo(url)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "https://127.0.0.1:9/x",
        "http://127.1",
        "http://0x7f000001",
        "http://0177.0.0.1",
        "http://2130706433",
        "http://127.0.0.1./",
        "http://%31%32%37.0.0.1",
        "http://127。0。0。1",
      })
  void notToOurselvesInAnySpelling(String url) {
    assertThat(rules.objectionTo(url)).contains("must lead to another site");
  }

  @Test
  void notToOurOwnName() {
    TargetRules named = new TargetRules(URI.create("https://xn--bcher-kva.example"));

    assertThat(named.objectionTo("https://xn--bcher-kva.example/")).isPresent();
    assertThat(named.objectionTo("http://BÜCHER.example.:80")).isPresent();
    assertThat(named.objectionTo("https://www.bücher.example")).isEmpty();
  }

  @Test
  void lengthCountsCharactersAndNotUnits() {
    String url = "https://example.com/";

    assertThat(rules.objectionTo(url + "😀".repeat(2_048 - url.length()))).isEmpty();
    assertThat(rules.objectionTo(url + "a".repeat(2_049 - url.length()))).isPresent();
  }
}
