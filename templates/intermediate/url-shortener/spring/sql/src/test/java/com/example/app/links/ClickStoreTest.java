package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.database.DatabaseTest;
import com.example.app.users.User;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class ClickStoreTest extends DatabaseTest {

  private static final LocalDate DAY = LocalDate.of(2030, 1, 31);

  @Autowired private ClickStore store;
  @Autowired private LinkService links;
  @Autowired private JdbcClient jdbc;

  private Link link;

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
  void ofADeletedLinkNothingIsKeptAndNothingIsCounted() {
    store.count(batch(Map.of(click(DAY, "news.example"), 7L)));
    links.delete(User.LOCAL, link.id().toString(), null);
    store.count(batch(Map.of(click(DAY, "late.example"), 1L)));

    assertThat(store.perDay(link.id(), DAY)).isEmpty();
    assertThat(store.referrers(link.id(), DAY)).isEmpty();
    assertThat(jdbc.sql("select * from links where id = ?").param(link.id()).query().singleRow())
        .containsEntry("code", link.code())
        .containsEntry("clicks", 0L)
        .containsEntry("url", null)
        .containsEntry("owner_id", null);
  }

  @Test
  void batchesOfTwoProcessesDoNotWaitForEachOther() throws Exception {
    List<Link> many =
        IntStream.range(0, 50)
            .mapToObj(i -> links.create(User.LOCAL, new NewLink("https://example.com", null, null)))
            .toList();
    try (ExecutorService processes = Executors.newFixedThreadPool(4)) {
      List<Callable<Void>> batches =
          IntStream.range(0, 40)
              .mapToObj(number ->
                  (Callable<Void>)
                      () -> {
                        Map<Click, Long> clicks = new HashMap<>();
                        many.forEach(
                            each -> clicks.put(new Click(each.id(), DAY, "r" + number % 3), 1L));
                        store.count(batch(clicks));
                        return null;
                      })
              .toList();
      for (Future<Void> done : processes.invokeAll(batches)) {
        done.get();
      }
    }
    assertThat(many)
        .allSatisfy(each -> assertThat(store.perDay(each.id(), DAY)).isEqualTo(Map.of(DAY, 40L)));
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
