package com.example.app.links;

import com.example.app.web.Problem.Kind;
import com.example.app.web.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
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
class ClickBuffer implements SmartLifecycle {

  /**
   * Kinds of clicks (link, day, referrer) that wait at most; a database that stays away must not
   * fill the memory.
   */
  static final int CAPACITY = 100_000;

  /** With one try that begins just before its end, and the requests before it, below 10 s. */
  private static final Duration LAST_TRIES = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Logger log = LoggerFactory.getLogger(ClickBuffer.class);

  private final ClickStore store;
  private final ReentrantLock flushing = new ReentrantLock();
  private Map<Click, Long> waiting = new HashMap<>();
  private @Nullable ClickBatch unconfirmed;
  private boolean open = true;

  ClickBuffer(ClickStore store) {
    this.store = store;
  }

  synchronized void add(Click click) {
    if (!open) {
      // A request that outlived the server's patience: what nobody will write must not be promised.
      throw new ProblemException(Kind.UNAVAILABLE, "The server is stopping.");
    }
    Click kind = click;
    if (waiting.size() >= CAPACITY && !waiting.containsKey(click)) {
      // The count matters more than where it came from.
      kind = new Click(click.linkId(), click.day(), "");
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

  /**
   * Writes the last clicks. One flush is not enough: it writes the batch that failed before, if
   * there is one, and not what came after it; and a database that is slow just now may fail it.
   */
  @Override
  public void stop() {
    close();
    long end = System.nanoTime() + LAST_TRIES.toNanos();
    flushing.lock(); // waits for a flush that is under way
    try {
      flush();
      while (pending() > 0 && System.nanoTime() < end) {
        LockSupport.parkNanos(PAUSE.toNanos());
        flush();
      }
      if (pending() > 0) {
        log.atError().addKeyValue("clicks", pending()).log("clicks lost: no database to write to");
      }
    } finally {
      flushing.unlock();
    }
  }

  /** After the web server, so that no request adds any more; before any bean is destroyed. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
  }

  @Override
  public synchronized void start() {
    open = true;
  }

  @Override
  public synchronized boolean isRunning() {
    return open;
  }

  private synchronized void close() {
    open = false;
  }

  private synchronized @Nullable ClickBatch takeWaiting() {
    if (waiting.isEmpty()) {
      return null;
    }
    ClickBatch batch = new ClickBatch(UUID.randomUUID(), waiting);
    waiting = new HashMap<>();
    return batch;
  }

  /** Clicks that are not known to be written. */
  private synchronized long pending() {
    return total(waiting) + (unconfirmed == null ? 0 : total(unconfirmed.clicks()));
  }

  private static long total(Map<Click, Long> clicks) {
    return clicks.values().stream().mapToLong(Long::longValue).sum();
  }
}
