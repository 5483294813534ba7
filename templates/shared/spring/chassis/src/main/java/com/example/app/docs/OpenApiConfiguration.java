package com.example.app.docs;

import com.example.app.web.Problem;
import com.example.app.web.QueryParameters;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;

/**
 * What springdoc cannot see in the controllers: the problems. Which ones an operation can answer
 * follows from what it takes, so a new route is documented as completely as the old ones; a
 * controller names only those that its own rules add.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  private static final String SCHEMA = "#/components/schemas/Problem";

  @Bean
  static OpenAPI openApi() {
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(QueryParameters.class);
    return new OpenAPI().info(new Info().title("API").version("1"));
  }

  @Bean
  static OpenApiCustomizer problemSchema() {
    return api ->
        ModelConverters.getInstance(true)
            .readAll(Problem.class)
            .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
  }

  @Bean
  static OperationCustomizer problems() {
    return (operation, method) -> {
      if (takes(method, RequestBody.class)) {
        add(operation, 400, 413, 415, 422);
        if (method.hasMethodAnnotation(PatchMapping.class)) {
          Content body = operation.getRequestBody().getContent();
          body.addMediaType("application/merge-patch+json", body.get("application/json"));
        }
      }
      if (Arrays.stream(method.getMethodParameters())
          .anyMatch(parameter -> parameter.getParameterType() == QueryParameters.class)) {
        add(operation, 422);
      }
      if (takes(method, PathVariable.class)) {
        add(operation, 404);
      }
      if (hasHeader(operation, HttpHeaders.IF_MATCH)) {
        add(operation, 412);
      }
      if (hasHeader(operation, HttpHeaders.IF_NONE_MATCH)) {
        add(operation, 304);
      }
      if (!method.getBeanType().getPackageName().endsWith(".operations")) {
        add(operation, 429, 503);
      }
      // What is only a number in a controller's annotation gets its body here.
      operation.getResponses().forEach(OpenApiConfiguration::describe);
      return operation;
    };
  }

  private static boolean takes(HandlerMethod method, Class<? extends Annotation> annotation) {
    return Arrays.stream(method.getMethodParameters())
        .anyMatch(parameter -> parameter.hasParameterAnnotation(annotation));
  }

  private static boolean hasHeader(Operation operation, String name) {
    return operation.getParameters() != null
        && operation.getParameters().stream().anyMatch(each -> name.equals(each.getName()));
  }

  private static void add(Operation operation, int... statuses) {
    for (int status : statuses) {
      operation.getResponses().computeIfAbsent(Integer.toString(status), key -> new ApiResponse());
    }
  }

  private static void describe(String status, ApiResponse response) {
    HttpStatus code = HttpStatus.valueOf(Integer.parseInt(status));
    if (response.getDescription() == null || response.getDescription().isEmpty()) {
      response.setDescription(code.getReasonPhrase());
    }
    if (code.isError()) {
      response.setContent(
          new Content()
              .addMediaType(
                  "application/problem+json", new MediaType().schema(new Schema<>().$ref(SCHEMA))));
    }
    if (code == HttpStatus.TOO_MANY_REQUESTS) {
      Schema<Integer> seconds = new Schema<>();
      seconds.addType("integer");
      response.addHeaderObject(
          HttpHeaders.RETRY_AFTER, new Header().required(true).schema(seconds));
    }
  }
}
