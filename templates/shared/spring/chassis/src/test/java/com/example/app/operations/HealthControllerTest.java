package com.example.app.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

import com.example.app.web.WebSlice;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

@WebMvcTest(HealthController.class)
@Import(WebSlice.class)
class HealthControllerTest {

  @Autowired private MockMvcTester mvc;
  @MockitoBean private Dependency database;

  @Test
  void readyWhileEverythingIsUp() {
    given(database.name()).willReturn("database");
    given(database.isUp()).willReturn(true);

    assertThat(mvc.get().uri("/ready"))
        .hasStatusOk()
        .bodyJson()
        .isStrictlyEqualTo("{\"status\": \"ready\"}");
  }

  @Test
  void notReadyNamesWhatIsDownAndIsAliveAllTheSame() {
    given(database.name()).willReturn("database");
    given(database.isUp()).willReturn(false);

    assertThat(mvc.get().uri("/ready"))
        .hasStatus(503)
        .bodyJson()
        .extractingPath("$.dependencies.database")
        .isEqualTo("down");
    assertThat(mvc.get().uri("/health")).hasStatusOk();
  }
}
