package com.example.app.links;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    // All processes lock the rows in one order; otherwise two of them could wait for each other.
    List<Map.Entry<Click, Long>> clicks =
        batch.clicks().entrySet().stream().sorted(Map.Entry.comparingByKey(Click.ORDER)).toList();
    jdbc.batchUpdate(
        """
        insert into link_clicks (link_id, day, referrer, clicks) values (?, ?, ?, ?)
        on conflict (link_id, day, referrer) do update set clicks = link_clicks.clicks + excluded.clicks
        """,
        clicks,
        500,
        (statement, entry) -> {
          statement.setObject(1, entry.getKey().linkId());
          statement.setObject(2, entry.getKey().day());
          statement.setString(3, entry.getKey().referrer());
          statement.setLong(4, entry.getValue());
        });
    Map<UUID, Long> totals = new HashMap<>();
    clicks.forEach(entry -> totals.merge(entry.getKey().linkId(), entry.getValue(), Long::sum));
    jdbc.batchUpdate(
        "update links set clicks = clicks + ? where id = ?",
        totals.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList(),
        500,
        (statement, total) -> {
          statement.setLong(1, total.getValue());
          statement.setObject(2, total.getKey());
        });
    jdbc.update("delete from click_batches where counted_at < now() - interval '1 day'");
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
