package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import com.example.app.web.ProblemException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

class ClickBufferTest {

  private static final Click CLICK =
      new Click(new UUID(0, 1), LocalDate.of(2030, 1, 31), "news.example");

  private static final Click LATER = new Click(CLICK.linkId(), CLICK.day(), "");
  private final DataAccessException down = new DataAccessResourceFailureException("down");

  private final ClickStore store = mock();
  private final ClickBuffer buffer = new ClickBuffer(store);

  @Test
  void clicksOfOneKindAreWrittenAsOneNumber() {
    buffer.add(CLICK);
    buffer.add(CLICK);
    buffer.flush();

    assertThat(written(1).getFirst().clicks()).isEqualTo(Map.of(CLICK, 2L));
  }

  @Test
  void withoutClicksNothingIsWritten() {
    buffer.flush();

    verify(store, never()).count(any());
  }

  @Test
  void aFailedBatchIsTriedAgainAsItWas() {
    doThrow(down).when(store).count(any());
    buffer.add(CLICK);
    buffer.flush();
    buffer.add(CLICK); // must wait for a batch of its own: the first may have been counted
    doNothing().when(store).count(any());
    buffer.flush();
    buffer.flush();

    List<ClickBatch> tries = written(3);
    assertThat(tries.get(1)).isEqualTo(tries.get(0));
    assertThat(tries.get(2).id()).isNotEqualTo(tries.get(0).id());
    assertThat(tries.get(2).clicks()).isEqualTo(Map.of(CLICK, 1L));
  }

  @Test
  void aFullBufferForgetsReferrersBeforeClicks() {
    for (int i = 0; i < ClickBuffer.CAPACITY - 1; i++) {
      buffer.add(new Click(CLICK.linkId(), CLICK.day(), "host" + i));
    }
    Click anonymous = new Click(CLICK.linkId(), CLICK.day(), "");
    buffer.add(anonymous);
    buffer.add(CLICK);
    buffer.flush();

    assertThat(written(1).getFirst().clicks())
        .hasSize(ClickBuffer.CAPACITY)
        .containsEntry(anonymous, 2L);
  }

  @Test
  void whenStoppingABatchThatFailedBeforeIsWrittenAndSoIsWhatCameAfterIt() {
    doThrow(down).doNothing().when(store).count(any());
    buffer.add(CLICK);
    buffer.flush();
    buffer.add(LATER);
    buffer.stop();

    assertThat(written(3))
        .extracting(ClickBatch::clicks)
        .containsExactly(Map.of(CLICK, 1L), Map.of(CLICK, 1L), Map.of(LATER, 1L));
  }

  @Test
  void whenStoppingADatabaseThatIsSlowJustNowIsAskedAgain() {
    doThrow(down).doThrow(down).doNothing().when(store).count(any());
    buffer.add(CLICK);
    buffer.stop();

    assertThat(written(3)).containsOnly(written(3).getFirst());
  }

  @Test
  void whenStoppingAFlushThatIsUnderWayIsWaitedFor() throws InterruptedException {
    CountDownLatch writing = new CountDownLatch(1);
    AtomicBoolean done = new AtomicBoolean();
    doAnswer(
            call -> {
              writing.countDown();
              Thread.sleep(200);
              done.set(true);
              return null;
            })
        .when(store)
        .count(any());
    buffer.add(CLICK);
    Thread scheduled = Thread.startVirtualThread(buffer::flush);
    writing.await();
    buffer.stop();

    assertThat(done).isTrue();
    scheduled.join();
    assertThat(written(1)).hasSize(1);
  }

  @Test
  void stoppingEndsWithoutADatabase() {
    doThrow(down).when(store).count(any());
    buffer.add(CLICK);

    assertTimeout(Duration.ofSeconds(20), () -> buffer.stop());
  }

  @Test
  void afterTheLastFlushNoClickIsPromised() {
    buffer.stop();

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> buffer.add(CLICK))
        .satisfies(e -> assertThat(e.problem().status()).isEqualTo(503));
    buffer.start();
    buffer.add(CLICK);
    buffer.flush();
    assertThat(written(1)).hasSize(1);
  }

  @Test
  void theServerStopsFirst() {
    // Lifecycle beans stop in descending order of their phases.
    assertThat(buffer.getPhase())
        .isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
        .isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
  }

  private List<ClickBatch> written(int times) {
    ArgumentCaptor<ClickBatch> batches = ArgumentCaptor.forClass(ClickBatch.class);
    verify(store, times(times)).count(batches.capture());
    return batches.getAllValues();
  }
}
