package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.ConstraintValidatorContext;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

class CodesTest {

  @Test
  void generatedCodesAreSevenOfBase62() {
    Codes codes = new Codes();

    assertThat(Stream.generate(codes::next).limit(1_000))
        .allMatch(code -> code.matches("[0-9A-Za-z]{7}"))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "abc, true",
    "A-b_9, true",
    "ab, false",
    "a.c, false",
    "äbc, false",
    "API, false",
    "docs, false"
  })
  void chosenCodesAreCheckedForFormAndReservedWords(String code, boolean expected) {
    ConstraintValidatorContext context = Mockito.mock();
    assertThat(new FreeCode.Validator().isValid(code, context)).isEqualTo(expected);
  }
}
