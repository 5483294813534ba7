package com.example.app.links;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.Application;
import com.example.app.database.DatabaseUrl;
import com.example.app.database.Migrations;
import com.example.app.settings.Settings;
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
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A server that is told to stop while visitors go on coming, as in every deployment. */
@EnabledIfEnvironmentVariable(named = "DATABASE_URL", matches = ".+")
class ShutdownTest {

  private static final int VISITORS = 4;

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger doubtful = new AtomicInteger();

  @Test
  void whatWasAcknowledgedIsCounted() throws InterruptedException {
    Migrations.run(Settings.fromEnvironment().databaseUrl());
    ConfigurableApplicationContext server = start();
    Link link =
        server
            .getBean(LinkService.class)
            .create(User.LOCAL, new NewLink("https://example.com/", null, null));
    URI uri = URI.create("http://127.0.0.1:" + port(server) + "/" + link.code());
    CountDownLatch enough = new CountDownLatch(100);
    try (ExecutorService visitors = Executors.newFixedThreadPool(VISITORS)) {
      for (int i = 0; i < VISITORS; i++) {
        visitors.execute(() -> followUntilRefused(uri, enough));
      }
      enough.await(20, TimeUnit.SECONDS);
      server.close();
    }
    assertThat(acknowledged).hasValueGreaterThanOrEqualTo(100);

    // A request that broke off may have been counted; one that was answered must have been.
    assertThat(counted(link))
        .isBetween(acknowledged.longValue(), acknowledged.longValue() + doubtful.get());
  }

  private static long counted(Link link) {
    DatabaseUrl url = Settings.fromEnvironment().databaseUrl();
    return JdbcClient.create(new DriverManagerDataSource(url.jdbcUrl(), url.user(), url.password()))
        .sql("select clicks from links where id = ?")
        .param(link.id())
        .query(Long.class)
        .single();
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

  private static ConfigurableApplicationContext start() {
    return new SpringApplicationBuilder(Application.class)
        .properties("server.port=0", "server.address=127.0.0.1")
        .run();
  }

  private static int port(ConfigurableApplicationContext server) {
    return ((WebServerApplicationContext) server).getWebServer().getPort();
  }
}
