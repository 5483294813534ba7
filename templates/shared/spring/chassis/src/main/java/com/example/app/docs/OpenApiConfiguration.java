package com.example.app.docs;

import com.example.app.web.Problem;
import com.example.app.web.QueryParameters;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.servers.Server;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What springdoc cannot see in the controllers. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  private static final String SCHEMA = "#/components/schemas/Problem";

  @Bean
  static OpenAPI openApi() {
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(QueryParameters.class);
    return new OpenAPI()
        .info(new Info().title("API").version("1"))
        .addServersItem(new Server().url("/")); // whatever the address that a proxy shows
  }

  @Bean
  static OpenApiCustomizer problemSchema() {
    return api ->
        ModelConverters.getInstance(true)
            .readAll(Problem.class)
            .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
  }

  /** Each error of each operation is a problem document. */
  @Bean
  static OperationCustomizer problems() {
    return (operation, method) -> {
      operation
          .getResponses()
          .addApiResponse(
              "default",
              new ApiResponse()
                  .description("Any error")
                  .content(
                      new Content()
                          .addMediaType(
                              "application/problem+json",
                              new MediaType().schema(new Schema<>().$ref(SCHEMA)))));
      return operation;
    };
  }
}
