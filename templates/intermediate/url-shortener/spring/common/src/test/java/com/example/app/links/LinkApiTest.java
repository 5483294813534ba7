package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.app.database.DatabaseTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole application over HTTP. */
class LinkApiTest extends DatabaseTest {

  private static final String LINKS = "/api/v1/links";
  private static final String URL = "https://example.com/";

  private final HttpClient client = HttpClient.newHttpClient();
  @Autowired private JsonMapper json;
  @LocalServerPort private int port;

  @Test
  void aLinkIsMadeFollowedAndCounted() throws Exception {
    String code = newCode();
    HttpResponse<String> created = create(code);
    assertThat(created.statusCode()).isEqualTo(201);
    String path = header(created, "Location");

    HttpResponse<String> followed = send("GET", "/" + code, null);
    assertThat(followed.statusCode()).isEqualTo(302);
    assertThat(header(followed, "Location")).isEqualTo(URL);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(get(path).get("clicks").longValue()).isEqualTo(1));
    JsonNode stats = get(path + "/stats?days=2");
    assertThat(stats.get("total").longValue()).isEqualTo(1);
    assertThat(stats.get("perDay").size()).isEqualTo(2);
    assertThat(stats.get("perDay").get(1).get("clicks").longValue()).isEqualTo(1);
    assertThat(stats.get("referrers").get(0).get("host").isNull()).isTrue();
    assertThat(send("GET", path + "/qr.svg", null).body()).startsWith("<svg");
  }

  @Test
  void ofManyWhoWantOneCodeOneGetsIt() throws Exception {
    String code = newCode();
    String other = code.toUpperCase(Locale.ROOT);
    List<Integer> statuses = atOnce(50, i -> () -> create(i % 2 == 0 ? code : other));

    assertThat(Collections.frequency(statuses, 201)).isEqualTo(1);
    assertThat(Collections.frequency(statuses, 409)).isEqualTo(49);
  }

  @Test
  void anEditIsSeenByTheNextVisitor() throws Exception {
    String code = newCode();
    String path = header(create(code), "Location");
    send("GET", "/" + code, null); // now it is cached

    send("PATCH", path, "{\"url\": \"https://example.org/new\"}");
    assertThat(header(send("GET", "/" + code, null), "Location"))
        .isEqualTo("https://example.org/new");

    send("PATCH", path, "{\"enabled\": false}");
    assertThat(send("GET", "/" + code, null).statusCode()).isEqualTo(410);
  }

  @Test
  void theLongestUrlArrivesWhole() throws Exception {
    String longest = URL + "😀".repeat(2_048 - URL.length());
    HttpResponse<String> created = send("POST", LINKS, "{\"url\": \"" + longest + "\"}");
    String code = json.readTree(created.body()).get("code").stringValue();

    assertThat(header(send("GET", "/" + code, null), "Location"))
        .isEqualTo(URL + "%F0%9F%98%80".repeat(2_048 - URL.length()));
  }

  @Test
  void aCodeThatWasUnknownAMomentAgoWorksAtOnce() throws Exception {
    String code = newCode();
    assertThat(send("GET", "/" + code, null).statusCode()).isEqualTo(404);

    create(code);

    assertThat(send("GET", "/" + code, null).statusCode()).isEqualTo(302);
  }

  @Test
  void aDeletedLinkIsGoneAndItsCodeStaysTaken() throws Exception {
    String code = newCode();
    String path = header(create(code), "Location");

    assertThat(send("DELETE", path, null).statusCode()).isEqualTo(204);

    assertThat(send("GET", path, null).statusCode()).isEqualTo(404);
    assertThat(send("GET", "/" + code, null).statusCode()).isEqualTo(410);
    assertThat(create(code).statusCode()).isEqualTo(409);
  }

  @Test
  void anEditOfAnOldVersionIsRefused() throws Exception {
    HttpResponse<String> created = create(newCode());
    String path = header(created, "Location");
    String tag = header(created, "ETag");

    HttpResponse<String> edited =
        send("PATCH", path, "{\"expiresAt\": \"2099-01-01T00:00:00Z\"}", "If-Match", tag);
    assertThat(edited.statusCode()).isEqualTo(200);
    assertThat(header(edited, "ETag")).isNotEqualTo(tag);

    assertThat(send("PATCH", path, "{\"enabled\": false}", "If-Match", tag).statusCode())
        .isEqualTo(412);
    assertThat(send("DELETE", path, null, "If-Match", tag).statusCode()).isEqualTo(412);
    assertThat(get(path).get("enabled").booleanValue()).isTrue();
  }

  @Test
  void ofManyWhoEditOneVersionOneWins() throws Exception {
    HttpResponse<String> created = create(newCode());
    String path = header(created, "Location");
    String tag = header(created, "ETag");
    List<Integer> statuses =
        atOnce(
            16, i -> () -> send("PATCH", path, "{\"url\": \"" + URL + i + "\"}", "If-Match", tag));

    assertThat(Collections.frequency(statuses, 200)).isEqualTo(1);
    assertThat(Collections.frequency(statuses, 412)).isEqualTo(15);
  }

  @Test
  void clicksDoNotMakeACopyOutOfDate() throws Exception {
    String code = newCode();
    HttpResponse<String> created = create(code);
    String path = header(created, "Location");
    send("GET", "/" + code, null, "Referer", "https://news.example/today");

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> assertThat(get(path + "/stats").get("total").longValue()).isEqualTo(1));
    assertThat(get(path + "/stats").get("referrers").get(0).get("host").stringValue())
        .isEqualTo("news.example");
    assertThat(send("GET", path, null, "If-None-Match", header(created, "ETag")).statusCode())
        .isEqualTo(304);
  }

  @Test
  void aPatchChangesWhatItNamesAndNothingElse() throws Exception {
    HttpResponse<String> created = create(newCode());
    String path = header(created, "Location");

    HttpResponse<String> untouched = send("PATCH", path, "{}");
    assertThat(header(untouched, "ETag")).isEqualTo(header(created, "ETag"));

    send("PATCH", path, "{\"expiresAt\": \"2099-01-01T00:00:00Z\"}");
    send("PATCH", path, "{\"enabled\": false}");
    assertThat(get(path).get("expiresAt").stringValue()).isEqualTo("2099-01-01T00:00:00.000Z");

    send("PATCH", path, "{\"expiresAt\": null}");
    assertThat(get(path).get("expiresAt").isNull()).isTrue();
    for (String refused : List.of("{\"url\": null}", "{\"enabled\": null}", "{\"code\": \"x\"}")) {
      assertThat(send("PATCH", path, refused).statusCode()).as(refused).isEqualTo(422);
    }
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrOverlap() throws Exception {
    String mark = newCode();
    for (int i = 0; i < 5; i++) {
      create(mark + "-" + i);
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      JsonNode page =
          get(LINKS + "?limit=2&q=" + mark + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
      page.get("items").forEach(link -> seen.add(link.get("code").stringValue()));
      cursor = page.get("nextCursor").isNull() ? null : page.get("nextCursor").stringValue();
    }

    assertThat(seen)
        .containsExactly(mark + "-4", mark + "-3", mark + "-2", mark + "-1", mark + "-0");
  }

  @Test
  void whatIsSearchedForIsTakenLiterally() throws Exception {
    String code = newCode();
    create(code);

    assertThat(get(LINKS + "?q=" + code.toUpperCase(Locale.ROOT)).get("items").size()).isEqualTo(1);
    assertThat(get(LINKS + "?q=" + code.charAt(0) + "%25" + code.charAt(2)).get("items").size())
        .isZero();
  }

  @Test
  void theFirstPageSaysWhereToBegin() throws Exception {
    HttpResponse<String> page = send("GET", "/", null);

    assertThat(header(page, "Content-Type")).startsWith("text/html");
    assertThat(page.body()).contains("/docs", "/health", "curl");
  }

  @Test
  void theDocumentKnowsEveryRoute() throws Exception {
    JsonNode paths = get("/openapi.json").get("paths");

    assertThat(paths.propertyNames())
        .containsExactlyInAnyOrder(
            "/{code}",
            LINKS,
            LINKS + "/{id}",
            LINKS + "/{id}/stats",
            LINKS + "/{id}/qr.svg",
            "/health",
            "/ready");
    assertThat(paths.get(LINKS).get("post").get("responses").propertyNames())
        .containsExactlyInAnyOrder("201", "default");
  }

  private static List<Integer> atOnce(
      int times, IntFunction<Callable<HttpResponse<String>>> request) throws Exception {
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
      List<Callable<HttpResponse<String>>> requests =
          IntStream.range(0, times).mapToObj(request).toList();
      for (Future<HttpResponse<String>> answer : clients.invokeAll(requests)) {
        statuses.add(answer.get().statusCode());
      }
    }
    return statuses;
  }

  private HttpResponse<String> create(String code) throws IOException, InterruptedException {
    return send(
        "POST",
        LINKS,
        "{\"url\": \"%s\", \"code\": \"%s\", \"expiresAt\": null}".formatted(URL, code));
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return json.readTree(send("GET", path, null).body());
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }

  private static String newCode() {
    return "t" + UUID.randomUUID().toString().substring(0, 13);
  }
}
