package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.example.app.web.ProblemException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

  private static final UUID ID = UUID.fromString("01970000-0000-7000-8000-000000000001");

  @Test
  void whatWasHandedOutIsUnderstood() {
    assertThat(Cursor.parse(Cursor.of(ID))).isEqualTo(ID);
    assertThat(Cursor.of(ID)).matches("[A-Za-z0-9_-]+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "AZcAAAAAcACAAAAAAAAAAQ==", // with padding: another spelling of a good one
        "AZcAAAAAcACAAAAAAAAAAR", // with bits that no byte has
        "AZcAAAAAcACAAAAAAAAA",
        "AZcAAAAAcACAAAAAAAAAAQAA",
        "AZcAAAAAQACAAAAAAAAAAQ", // an id of version 4
        "01970000-0000-7000-8000-000000000001",
      })
  void everythingElseIsRefused(String text) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> Cursor.parse(text))
        .satisfies(e -> assertThat(e.problem().status()).isEqualTo(422));
  }
}
