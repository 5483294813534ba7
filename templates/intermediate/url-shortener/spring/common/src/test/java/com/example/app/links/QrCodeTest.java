package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.ReaderException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.Decoder;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QrCodeTest {

  private static final Pattern SIZE = Pattern.compile("viewBox=\"0 0 ([0-9]+) ([0-9]+)\"");
  private static final Pattern MODULE = Pattern.compile("M([0-9]+) ([0-9]+)h1v1h-1z");
  private static final int MARGIN = 4;

  @ParameterizedTest
  @ValueSource(strings = {"https://sho.rt/summer", "http://127.0.0.1:3000/aBcDeF7"})
  void aScannerReadsWhatWasWritten(String text) throws ReaderException {
    String svg = QrCode.svg(text);
    Matcher size = SIZE.matcher(svg);
    assertThat(size.find()).isTrue();
    int side = Integer.parseInt(size.group(1)) - 2 * MARGIN;
    BitMatrix modules = new BitMatrix(side);
    for (MatchResult module : MODULE.matcher(svg).results().toList()) {
      modules.set(number(module, 1) - MARGIN, number(module, 2) - MARGIN);
    }

    assertThat(new Decoder().decode(modules).getText()).isEqualTo(text);
  }

  private static int number(MatchResult module, int group) {
    return Integer.parseInt(module.group(group));
  }
}
