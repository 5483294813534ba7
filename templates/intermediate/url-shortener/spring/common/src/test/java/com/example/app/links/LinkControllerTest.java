package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.verify;

import com.example.app.users.User;
import com.example.app.web.Problem;
import com.example.app.web.Problem.Kind;
import com.example.app.web.ProblemException;
import com.example.app.web.WebSlice;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** How the API reads requests and writes answers; what becomes of them is the service's. */
@WebMvcTest(LinkController.class)
@Import(WebSlice.class)
class LinkControllerTest {

  private static final String LINKS = "/api/v1/links";
  private static final String ONE = LINKS + "/01970000-0000-7000-8000-000000000001";
  private static final UUID ID = UUID.fromString("01970000-0000-7000-8000-000000000001");
  private static final Instant TIME = Instant.parse("2030-01-31T12:00:00.5Z");

  @Autowired private MockMvcTester mvc;
  @MockitoBean private LinkService links;

  @Test
  void creatingAnswersWithTheLinkAndWhereItIs() {
    given(links.create(User.LOCAL, new NewLink("https://example.com/", "summer", null)))
        .willReturn(link());

    assertThat(send(HttpMethod.POST, LINKS, "{'url': 'https://example.com/', 'code': 'summer'}"))
        .hasStatus(201)
        .hasHeader(HttpHeaders.LOCATION, ONE)
        .hasHeader(HttpHeaders.ETAG, "\"3\"")
        .bodyJson()
        .isStrictlyEqualTo(
            """
            {"id": "01970000-0000-7000-8000-000000000001", "code": "summer",
             "shortUrl": "https://sho.rt/summer", "url": "https://example.com/", "enabled": true,
             "expiresAt": null, "clicks": 0,
             "createdAt": "2030-01-31T12:00:00.500Z", "updatedAt": "2030-01-31T12:00:00.500Z"}
            """);
  }

  @Test
  void aListHasADefaultLengthAndNoCursorAtItsEnd() {
    given(links.list(User.LOCAL, "", LinkService.NEWEST, 21)).willReturn(List.of(link()));

    assertThat(mvc.get().uri(LINKS))
        .hasStatusOk()
        .bodyJson()
        .hasPathSatisfying("$.items.length()", size -> assertThat(size).isEqualTo(1))
        .hasPathSatisfying("$.nextCursor", cursor -> assertThat(cursor).isNull());
  }

  @Test
  void aLinkMoreThanAskedForMeansThatThereIsANextPage() {
    given(links.list(User.LOCAL, "sum mer", LinkService.NEWEST, 3))
        .willReturn(Collections.nCopies(3, link()));

    assertThat(mvc.get().uri(LINKS + "?limit=2&q=sum+mer&unknown=1"))
        .hasStatusOk()
        .bodyJson()
        .hasPathSatisfying("$.items.length()", size -> assertThat(size).isEqualTo(2))
        .hasPathSatisfying("$.nextCursor", it -> assertThat(it).isEqualTo(Cursor.of(ID)));

    assertThat(mvc.get().uri(LINKS + "?limit=2&cursor=" + Cursor.of(ID))).hasStatusOk();
    verify(links).list(User.LOCAL, "", ID, 3);
  }

  @Test
  void afterAFullLastPageThereIsNoOther() {
    given(links.list(User.LOCAL, "", LinkService.NEWEST, 3))
        .willReturn(Collections.nCopies(2, link()));

    assertThat(mvc.get().uri(LINKS + "?limit=2"))
        .bodyJson()
        .hasPathSatisfying("$.items.length()", size -> assertThat(size).isEqualTo(2))
        .hasPathSatisfying("$.nextCursor", cursor -> assertThat(cursor).isNull());
  }

  @Test
  void readingGivesATagAndNothingTwice() {
    given(links.get(User.LOCAL, ID.toString())).willReturn(link());

    assertThat(mvc.get().uri(ONE)).hasStatusOk().hasHeader(HttpHeaders.ETAG, "\"3\"");
    assertThat(mvc.get().uri(ONE).header(HttpHeaders.IF_NONE_MATCH, "\"2\"")).hasStatusOk();
    for (String known : List.of("\"3\"", "W/\"3\"", "\"1\", \"3\"", "*")) {
      assertThat(mvc.get().uri(ONE).header(HttpHeaders.IF_NONE_MATCH, known))
          .hasStatus(304)
          .hasHeader(HttpHeaders.ETAG, "\"3\"")
          .body()
          .isEmpty();
    }
    assertThat(mvc.head().uri(ONE)).hasStatusOk().containsHeader(HttpHeaders.ETAG);
  }

  @Test
  void anEditPassesOnItsCondition() {
    given(links.edit(eq(User.LOCAL), eq(ID.toString()), eq("\"3\""), any())).willReturn(link());

    assertThat(
            mvc.patch()
                .uri(ONE)
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.IF_MATCH, "\"3\"")
                .content("{\"enabled\": false}"))
        .hasStatusOk()
        .hasHeader(HttpHeaders.ETAG, "\"3\"");
  }

  @Test
  void deletingPassesOnItsConditionAndAnswersNothing() {
    assertThat(mvc.delete().uri(ONE).header(HttpHeaders.IF_MATCH, "\"3\"").exchange())
        .hasStatus(204)
        .body()
        .isEmpty();
    verify(links).delete(User.LOCAL, ID.toString(), "\"3\"");
  }

  @Test
  void statsHaveADefaultPeriodAndBounds() {
    LinkStats stats =
        new LinkStats(
            3,
            List.of(new LinkStats.Day(LocalDate.of(2030, 1, 31), 2)),
            List.of(new LinkStats.Referrer(null, 2)));
    given(links.stats(User.LOCAL, ID.toString(), 30)).willReturn(stats);

    assertThat(mvc.get().uri(ONE + "/stats"))
        .hasStatusOk()
        .bodyJson()
        .isStrictlyEqualTo(
            """
            {"total": 3, "perDay": [{"date": "2030-01-31", "clicks": 2}],
             "referrers": [{"host": null, "clicks": 2}]}
            """);
    for (String days : List.of("0", "91", "", "1.5", "-1")) {
      assertThat(mvc.get().uri(ONE + "/stats?days=" + days)).hasStatus(422);
    }
  }

  @Test
  void theQrCodeIsAnImage() {
    given(links.get(User.LOCAL, ID.toString())).willReturn(link());

    assertThat(mvc.get().uri(ONE + "/qr.svg"))
        .hasStatusOk()
        .hasContentType("image/svg+xml")
        .bodyText()
        .isEqualTo(QrCode.svg("https://sho.rt/summer"));
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND, 404, not-found",
    "CONFLICT, 409, conflict",
    "PRECONDITION_FAILED, 412, precondition-failed"
  })
  void theServicesRefusalsBecomeProblems(Kind kind, int status, String type) {
    willThrow(new ProblemException(Problem.of(kind, "Because.")))
        .given(links)
        .delete(any(), any(), any());

    assertThat(mvc.delete().uri(ONE))
        .hasStatus(status)
        .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
        .bodyJson()
        .hasPathSatisfying("$.type", it -> assertThat(it).isEqualTo("/problems/" + type))
        .hasPathSatisfying("$.detail", it -> assertThat(it).isEqualTo("Because."));
  }

  @Test
  void aDatabaseThatIsAwayIs503AndABugInAQueryIs500() {
    given(links.list(any(), any(), any(), anyInt()))
        .willThrow(new DataAccessResourceFailureException("away", new SQLException("x", "08006")))
        .willThrow(new DataAccessResourceFailureException("bug", new SQLException("x", "42601")));

    assertThat(mvc.get().uri(LINKS)).hasStatus(503).bodyText().contains("/problems/unavailable");
    assertThat(mvc.get().uri(LINKS)).hasStatus(500).bodyText().doesNotContain("bug", "42601");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT    | /api/v1/links                                            | POST,GET,HEAD",
        "POST   | /api/v1/links/01970000-0000-7000-8000-000000000001       | GET,HEAD,PATCH,DELETE",
        "DELETE | /api/v1/links/01970000-0000-7000-8000-000000000001/stats | GET,HEAD",
      })
  void aWrongMethodIsToldTheRightOnes(HttpMethod method, String path, String allowed) {
    assertThat(mvc.method(method).uri(path).exchange())
        .hasStatus(405)
        .headers()
        .hasHeaderSatisfying(
            HttpHeaders.ALLOW,
            values ->
                assertThat(values.getFirst().split(","))
                    .containsExactlyInAnyOrder(allowed.split(",")));
  }

  private MvcTestResult send(HttpMethod method, String path, String body) {
    return mvc.method(method)
        .uri(path)
        .contentType(MediaType.APPLICATION_JSON)
        .content(body.replace('\'', '"'))
        .exchange();
  }

  private static Link link() {
    Link link = new Link("local", "summer", "https://example.com/", null, TIME);
    ReflectionTestUtils.setField(link, "id", ID);
    ReflectionTestUtils.setField(link, "version", 3L);
    return link;
  }
}
