package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.springframework.dao.DataAccessResourceFailureException;

class ClickBufferTest {

  private static final Click CLICK =
      new Click(new UUID(0, 1), LocalDate.of(2030, 1, 31), "news.example");

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
    doThrow(new DataAccessResourceFailureException("down")).when(store).count(any());
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

  private List<ClickBatch> written(int times) {
    ArgumentCaptor<ClickBatch> batches = ArgumentCaptor.forClass(ClickBatch.class);
    verify(store, times(times)).count(batches.capture());
    return batches.getAllValues();
  }
}
