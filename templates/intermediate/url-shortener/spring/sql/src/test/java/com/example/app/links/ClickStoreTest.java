package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.database.Migrations;
import com.example.app.settings.Settings;
import com.example.app.users.User;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@EnabledIfEnvironmentVariable(named = "DATABASE_URL", matches = ".+")
class ClickStoreTest {

  private static final LocalDate DAY = LocalDate.of(2030, 1, 31);

  @Autowired private ClickStore store;
  @Autowired private LinkService links;

  private Link link;

  @BeforeAll
  static void migrate() {
    Migrations.run(Settings.fromEnvironment().databaseUrl());
  }

  @BeforeEach
  void createLink() {
    link = links.create(User.LOCAL, new NewLink("https://example.com", null, null));
  }

  @Test
  void aBatchIsCountedOnceHoweverOftenItIsTried() {
    ClickBatch batch = batch(Map.of(click(DAY, ""), 2L, click(DAY, "news.example"), 3L));
    store.count(batch);
    store.count(batch);

    assertThat(links.get(User.LOCAL, link.id().toString()).clicks()).isEqualTo(5);
    assertThat(store.perDay(link.id(), DAY)).isEqualTo(Map.of(DAY, 5L));
  }

  @Test
  void batchesAddUpByDayAndReferrer() {
    store.count(batch(Map.of(click(DAY.minusDays(1), "a.example"), 1L, click(DAY, ""), 1L)));
    store.count(batch(Map.of(click(DAY, "a.example"), 4L)));

    assertThat(store.perDay(link.id(), DAY.minusDays(1)))
        .isEqualTo(Map.of(DAY.minusDays(1), 1L, DAY, 5L));
    assertThat(store.perDay(link.id(), DAY)).isEqualTo(Map.of(DAY, 5L));
    assertThat(store.referrers(link.id(), DAY.minusDays(1)))
        .containsExactly(new LinkStats.Referrer("a.example", 5), new LinkStats.Referrer(null, 1));
  }

  @Test
  void anEditDoesNotUndoTheClicksOfTheMeantime() {
    store.count(batch(Map.of(click(DAY, ""), 7L)));
    links.delete(User.LOCAL, link.id().toString(), null);
    store.count(batch(Map.of(click(DAY, ""), 1L)));

    assertThat(store.perDay(link.id(), DAY)).isEqualTo(Map.of(DAY, 8L));
  }

  @Test
  void readingGivesItsConnectionBack() {
    for (int i = 0; i < 30; i++) { // more than the pool has
      links.stats(User.LOCAL, link.id().toString(), 1);
    }
  }

  private Click click(LocalDate day, String referrer) {
    return new Click(link.id(), day, referrer);
  }

  private static ClickBatch batch(Map<Click, Long> clicks) {
    return new ClickBatch(UUID.randomUUID(), clicks);
  }
}
