package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import com.example.app.cache.ExpiringCache;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.test.util.ReflectionTestUtils;

class LinkTargetsTest {

  private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");

  private final ExpiringCache cache = mock();
  private final LinkRepository repository = mock();
  private final LinkTargets targets = new LinkTargets(cache, repository);

  @Test
  void whatIsCachedIsNotLookedUp() {
    LinkTarget cached = LinkTarget.of(link());
    given(cache.get("link:summer", LinkTarget.class)).willReturn(cached);

    assertThat(targets.find("summer")).isSameAs(cached);
    verify(repository, never()).findByCode(any());
  }

  @Test
  void whatWasLookedUpIsCachedUnderItsVersion() {
    Link link = link();
    given(repository.findByCode("summer")).willReturn(Optional.of(link));

    LinkTarget found = targets.find("summer");

    assertThat(found.linkId()).isEqualTo(link.id());
    assertThat(found.location()).isEqualTo("https://example.com/");
    verify(cache).put("link:summer", found, 4, Duration.ofSeconds(60));
  }

  @Test
  void anUnknownCodeIsRememberedForFiveSecondsAndGivesWayToEveryVersion() {
    given(repository.findByCode("nobody")).willReturn(Optional.empty());

    assertThat(targets.find("nobody")).isEqualTo(LinkTarget.UNKNOWN);
    verify(cache)
        .put(
            eq("link:nobody"),
            eq(LinkTarget.UNKNOWN),
            anyLong(),
            argThat(life -> life.compareTo(Duration.ofSeconds(5)) <= 0));
    verify(cache).put(any(), any(), eq(-1L), any()); // the first version of a link is 0
  }

  @Test
  void aLinkLeadsOnUntilItExpiresIsSwitchedOffOrDeleted() {
    assertThat(new LinkTarget(new UUID(0, 1), "", true, null).isActive(NOW)).isTrue();
    assertThat(new LinkTarget(new UUID(0, 1), "", true, NOW.plusMillis(1)).isActive(NOW)).isTrue();
    assertThat(new LinkTarget(new UUID(0, 1), "", true, NOW).isActive(NOW)).isFalse();
    assertThat(new LinkTarget(new UUID(0, 1), "", false, null).isActive(NOW)).isFalse();
    Link deleted = link();
    deleted.delete(NOW);
    assertThat(LinkTarget.of(deleted).isActive(NOW)).isFalse();
  }

  private static Link link() {
    Link link = new Link("local", "summer", "https://example.com/", null, NOW);
    ReflectionTestUtils.setField(link, "id", new UUID(0, 1));
    ReflectionTestUtils.setField(link, "version", 4L);
    return link;
  }
}
