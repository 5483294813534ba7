package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(rules.rejection(url)).isEmpty();
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
        "https://a%zz.example",
        "https://a%2Fb.example",
        "https://a^b.example",
        "https://1.2.3.4.5",
        "https://xn--a.example",
      })
  void onlyAbsoluteWebAddresses(String url) {
    assertThat(rules.rejection(url)).isPresent();
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
    assertThat(rules.rejection(url)).isPresent();
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
    assertThat(rules.rejection(url)).contains("must lead to another site");
  }

  @Test
  void notToOurOwnName() {
    TargetRules named = new TargetRules(URI.create("https://xn--bcher-kva.example"));

    assertThat(named.rejection("https://xn--bcher-kva.example/")).isPresent();
    assertThat(named.rejection("http://BÜCHER.example.:80")).isPresent();
    assertThat(named.rejection("https://www.bücher.example")).isEmpty();
  }

  @Test
  void sharpSIsALetterOfItsOwn() {
    TargetRules named = new TargetRules(URI.create("https://xn--strae-oqa.example"));

    assertThat(named.rejection("http://straße.example/x")).isPresent();
    assertThat(named.rejection("http://stra%C3%9Fe.example/x")).isPresent();
    assertThat(named.rejection("http://strasse.example/x")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://bücher.example/café?q=ü#ß, http://xn--bcher-kva.example/caf%C3%A9?q=%C3%BC#%C3%9F",
    "HTTPS://STRASSE.example:80/😀, HTTPS://STRASSE.example:80/%F0%9F%98%80",
    "http://straße.example:8080, http://xn--strae-oqa.example:8080",
    "HTTP://Example.COM/%7e/{x}?a=%20|b, HTTP://Example.COM/%7e/{x}?a=%20|b",
    "http://[2001:DB8::1]/ü, http://[2001:DB8::1]/%C3%BC",
  })
  void aLocationIsInAsciiAndOtherwiseAsGiven(String url, String location) {
    assertThat(TargetRules.toAscii(url)).isEqualTo(location);
  }

  @Test
  void lengthCountsCharactersAndNotUnits() {
    String url = "https://example.com/";

    assertThat(rules.rejection(url + "😀".repeat(2_048 - url.length()))).isEmpty();
    assertThat(rules.rejection(url + "a".repeat(2_049 - url.length()))).isPresent();
  }
}
