package com.example.app.links;

import jakarta.annotation.PreDestroy;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Clicks between the redirect and the database. A write for each click would make every redirect
 * wait for a disk, and all redirects of one popular link wait for one row. Here a click costs one
 * addition, and the database sees one batch every half second.
 *
 * <p>While the database is down the clicks wait here. When the process is told to stop, the last
 * ones are written after the last request; when it is killed, those of at most the last second are
 * lost.
 */
@Component
class ClickBuffer {

  /**
   * Kinds of clicks (link, day, referrer) that wait at most; a database that stays away must not
   * fill the memory.
   */
  static final int CAPACITY = 100_000;

  private static final Logger log = LoggerFactory.getLogger(ClickBuffer.class);

  private final ClickStore store;
  private final ReentrantLock flushing = new ReentrantLock();
  private Map<Click, Long> waiting = new HashMap<>();
  private @Nullable ClickBatch unconfirmed;

  ClickBuffer(ClickStore store) {
    this.store = store;
  }

  synchronized void add(Click click) {
    Click kind = click;
    if (waiting.size() >= CAPACITY && !waiting.containsKey(click)) {
      kind =
          new Click(
              click.linkId(), click.day(), ""); // the count matters more than where it came from
      if (!waiting.containsKey(kind)) {
        log.error("click lost: the buffer is full");
        return;
      }
    }
    waiting.merge(kind, 1L, Long::sum);
  }

  /**
   * Writes what waits. A batch that failed is tried again as it was, under its old id, before there
   * is a new one.
   */
  @Scheduled(fixedDelay = 500)
  @PreDestroy
  void flush() {
    flushing.lock();
    try {
      if (unconfirmed == null) {
        unconfirmed = takeWaiting();
      }
      if (unconfirmed != null) {
        store.count(unconfirmed);
        unconfirmed = null;
      }
    } catch (RuntimeException e) {
      log.atWarn().addKeyValue("cause", e.getMessage()).log("clicks wait for the database");
    } finally {
      flushing.unlock();
    }
  }

  private synchronized @Nullable ClickBatch takeWaiting() {
    if (waiting.isEmpty()) {
      return null;
    }
    ClickBatch batch = new ClickBatch(UUID.randomUUID(), waiting);
    waiting = new HashMap<>();
    return batch;
  }
}
