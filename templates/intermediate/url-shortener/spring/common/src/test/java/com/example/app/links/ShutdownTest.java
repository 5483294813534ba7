package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.database.DatabaseTest;
import com.example.app.users.User;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;

/** A server that is told to stop while visitors go on coming, as in every deployment. */
@DirtiesContext
class ShutdownTest extends DatabaseTest {

  private static final int VISITORS = 4;

  @Autowired private ConfigurableApplicationContext server;
  @Autowired private LinkService links;
  @LocalServerPort private int port;

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger doubtful = new AtomicInteger();

  @Test
  void whatWasAcknowledgedIsCounted() throws InterruptedException {
    Link link = links.create(User.LOCAL, new NewLink("https://example.com/", null, null));
    URI uri = URI.create("http://127.0.0.1:" + port + "/" + link.code());
    CountDownLatch enough = new CountDownLatch(100);
    try (ExecutorService visitors = Executors.newFixedThreadPool(VISITORS)) {
      for (int i = 0; i < VISITORS; i++) {
        visitors.execute(() -> followUntilRefused(uri, enough));
      }
      enough.await(20, TimeUnit.SECONDS);
      server.stop();
    }
    assertThat(acknowledged).hasValueGreaterThanOrEqualTo(100);

    // A request that broke off may have been counted; one that was answered must have been.
    assertThat(links.get(User.LOCAL, link.id().toString()).clicks())
        .isBetween(acknowledged.longValue(), acknowledged.longValue() + doubtful.get());
  }

  private void followUntilRefused(URI uri, CountDownLatch enough) {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    try {
      while (client.send(request, BodyHandlers.discarding()).statusCode() == 302) {
        acknowledged.incrementAndGet();
        enough.countDown();
      }
    } catch (IOException e) {
      doubtful.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
