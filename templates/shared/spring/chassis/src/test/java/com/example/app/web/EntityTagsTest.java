package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "           | true",
        "\"7\"      | true",
        "*          | true",
        "\"1\",\"7\"| true",
        "\"6\"      | false",
        "W/\"7\"    | false",
        "7          | false",
      })
  void aWriteNeedsTheVeryVersion(String ifMatch, boolean expected) {
    assertThat(EntityTags.permitsWrite(ifMatch, 7)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "           | false",
        "\"7\"      | true",
        "W/\"7\"    | true",
        "*          | true",
        "\"1\",\"7\"| true",
        "\"6\"      | false",
      })
  void aReaderMayHaveItWeakly(String ifNoneMatch, boolean expected) {
    assertThat(EntityTags.isCurrent(ifNoneMatch, 7)).isEqualTo(expected);
  }
}
