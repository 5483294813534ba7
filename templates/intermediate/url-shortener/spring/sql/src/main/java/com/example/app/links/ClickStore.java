package com.example.app.links;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The counted clicks, by link, day and referrer. Plain SQL: counting is one upsert, for which JPA
 * has no word.
 */
@Component
class ClickStore {

  private final JdbcTemplate jdbc;
  private final JdbcClient client;

  ClickStore(JdbcTemplate jdbc, JdbcClient client) {
    this.jdbc = jdbc;
    this.client = client;
  }

  /**
   * Counts a batch exactly once, however often it is tried. When a connection breaks during the
   * commit, nobody can tell whether it happened; the batch's id is stored with its clicks and tells
   * at the next try.
   */
  @Transactional
  public void count(ClickBatch batch) {
    int isNew =
        jdbc.update(
            "insert into click_batches (id) values (?) on conflict (id) do nothing", batch.id());
    if (isNew == 0) {
      return;
    }
    Map<UUID, Long> totals = new TreeMap<>();
    batch.clicks().forEach((click, count) -> totals.merge(click.linkId(), count, Long::sum));
    Set<UUID> counted = addToTotals(totals);
    jdbc.batchUpdate(
        """
        insert into link_clicks (link_id, day, referrer, clicks) values (?, ?, ?, ?)
        on conflict (link_id, day, referrer) do update set clicks = link_clicks.clicks + excluded.clicks
        """,
        batch.clicks().entrySet().stream()
            .filter(entry -> counted.contains(entry.getKey().linkId()))
            .toList(),
        500,
        (statement, entry) -> {
          statement.setObject(1, entry.getKey().linkId());
          statement.setObject(2, entry.getKey().day());
          statement.setString(3, entry.getKey().referrer());
          statement.setLong(4, entry.getValue());
        });
    jdbc.update(
        """
        delete from click_batches where id in (
          select id from click_batches where counted_at < now() - interval '1 day' for update skip locked)
        """);
  }

  /**
   * Adds to the totals of the links that still exist. This locks their rows until the commit, so no
   * link is deleted between this and the insertion of its clicks, which would then stay. All
   * processes lock in the order of the ids; otherwise two of them could wait for each other.
   *
   * @return the links that still exist
   */
  private Set<UUID> addToTotals(Map<UUID, Long> totals) {
    int[][] updates =
        jdbc.batchUpdate(
            "update links set clicks = clicks + ? where id = ? and deleted_at is null",
            totals.entrySet(),
            500,
            (statement, total) -> {
              statement.setLong(1, total.getValue());
              statement.setObject(2, total.getKey());
            });
    PrimitiveIterator.OfInt changed =
        Arrays.stream(updates).flatMapToInt(Arrays::stream).iterator();
    return totals.keySet().stream()
        .filter(link -> changed.nextInt() > 0)
        .collect(Collectors.toSet());
  }

  /** Erases the clicks of a deleted link, in the transaction that deletes it. */
  void erase(UUID linkId) {
    jdbc.update("delete from link_clicks where link_id = ?", linkId);
    jdbc.update("update links set clicks = 0 where id = ?", linkId);
  }

  /** Clicks of one link by day, from a day on; days without any are missing. */
  Map<LocalDate, Long> perDay(UUID linkId, LocalDate from) {
    return client
        .sql("select day, sum(clicks) from link_clicks where link_id = ? and day >= ? group by day")
        .params(linkId, from)
        .query((row, number) -> Map.entry(row.getObject(1, LocalDate.class), row.getLong(2)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Clicks of one link by referrer, from a day on, the most first. */
  List<LinkStats.Referrer> referrers(UUID linkId, LocalDate from) {
    return client
        .sql(
            """
            select referrer, sum(clicks) from link_clicks where link_id = ? and day >= ?
            group by referrer order by 2 desc, 1
            """)
        .params(linkId, from)
        .query((row, number) -> {
          String host = row.getString(1);
          return new LinkStats.Referrer(host.isEmpty() ? null : host, row.getLong(2));
        })
        .list();
  }
}
