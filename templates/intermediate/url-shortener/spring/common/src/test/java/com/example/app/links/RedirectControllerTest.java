package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import com.example.app.web.WebSlice;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

@WebMvcTest(RedirectController.class)
@Import(WebSlice.class)
class RedirectControllerTest {

  private static final UUID ID = new UUID(0, 1);
  private static final String URL = "https://example.com/%C3%BC?a=%20#x";

  @Autowired private MockMvcTester mvc;
  @MockitoBean private LinkTargets targets;
  @MockitoBean private ClickBuffer clicks;

  @Test
  void redirectsAndCountsTheVisit() {
    target(true, null);

    MvcTestResult result =
        mvc.get().uri("/abc").header(HttpHeaders.REFERER, "https://News.example/x").exchange();

    assertThat(result)
        .hasStatus(302)
        .hasHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .hasHeader(HttpHeaders.LOCATION, URL);
    verify(clicks).add(new Click(ID, LocalDate.now(ZoneOffset.UTC), "news.example"));
  }

  @Test
  void headAnswersTheSameAndCountsNothing() {
    target(true, null);

    assertThat(mvc.head().uri("/abc").exchange())
        .hasStatus(302)
        .containsHeader(HttpHeaders.LOCATION);
    verify(clicks, never()).add(any());
  }

  @ParameterizedTest
  @ValueSource(strings = {"prefetch", "prefetch;prerender"})
  void aBrowserThatLooksAheadIsNotCounted(String purpose) {
    target(true, null);

    assertThat(mvc.get().uri("/abc").header("Sec-Purpose", purpose)).hasStatus(302);
    verify(clicks, never()).add(any());
  }

  @Test
  void aLinkThatIsOverIsGone() {
    target(false, null);
    assertThat(mvc.get().uri("/abc")).hasStatus(410);

    target(true, Instant.now().minusMillis(1));
    assertThat(mvc.get().uri("/abc")).hasStatus(410);

    target(true, Instant.now().plusSeconds(60));
    assertThat(mvc.get().uri("/abc")).hasStatus(302);
  }

  @Test
  void anUnknownCodeIsNotFound() {
    given(targets.find("abc")).willReturn(LinkTarget.UNKNOWN);

    assertThat(mvc.get().uri("/abc")).hasStatus(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ab", "a.c", "abc;x=1", "a%20c", "%C3%A4bc", "a%2Fc", "abc/"})
  void whatCannotBeACodeIsNotEvenLookedUp(String path) {
    assertThat(mvc.get().uri(java.net.URI.create("/" + path))).hasStatus(404);
    verifyNoInteractions(targets);
  }

  private void target(boolean open, @Nullable Instant expiresAt) {
    given(targets.find("abc")).willReturn(new LinkTarget(ID, URL, open, expiresAt));
  }
}
