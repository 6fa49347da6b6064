package io.sluice.controlplane.api;

import com.fasterxml.jackson.core.type.TypeReference;
import io.sluice.controlplane.http.DocumentTypes;
import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the published contract says beyond what controllers show: documents, errors, headers. */
@Configuration(proxyBeanMethods = false)
class Contract {

  private static final String SCHEMAS = "schemas.yaml";
  private static final String ADMIN_TOKEN = "adminToken";
  private static final String PROBLEM = "application/problem+json";

  /** What parameters of these names mean wherever they stand. */
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "path mesh", "The name of a mesh",
          "path name", "The name of a dataplane, or of the policy",
          "path service", "The value of the tag kuma.io/service",
          "path id", "The number of a token, from the list of tokens",
          "query mesh", "Only those of this mesh",
          "query name", "Only those of this name, or with this text in their name",
          "query size", "How many items at most, 1 to 1000",
          "query offset", "From the `next` of the page before");

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Sluice")
                .version("v1")
                .description(
                    "The operators' API: describe dataplanes, see what their hosts are told,"
                        + " and how they are. Documents come and go as JSON or YAML.")
                .license(
                    new License()
                        .name("Apache-2.0")
                        .url("https://www.apache.org/licenses/LICENSE-2.0")))
        .servers(List.of(new Server().url("/").description("This control plane")))
        .components(
            new Components()
                .addSecuritySchemes(
                    ADMIN_TOKEN,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description("Needed where the control plane has an admin token")))
        .security(
            List.of(new SecurityRequirement(), new SecurityRequirement().addList(ADMIN_TOKEN)));
  }

  @Bean
  GlobalOperationCustomizer documentBodies() {
    return (operation, handler) -> {
      Takes takes = handler.getMethodAnnotation(Takes.class);
      if (takes != null) {
        operation.setRequestBody(body(takes.value()).required(!takes.optional()));
      }
      Returns returns = handler.getMethodAnnotation(Returns.class);
      ApiResponse success = operation.getResponses().get("200");
      if (returns != null && success != null) {
        success.content(
            new Content()
                .addMediaType(
                    DocumentTypes.JSON, new MediaType().schema(reference(returns.value()))));
      }
      describe(operation);
      operation.setOperationId(
          handler.getMethod().getName()
              + handler.getBeanType().getSimpleName().replace("Controller", ""));
      return operation;
    };
  }

  @Bean
  GlobalOpenApiCustomizer commonAnswers() {
    return api -> {
      api.getPaths()
          .forEach(
              (path, item) ->
                  item.readOperationsMap()
                      .forEach((method, operation) -> complete(path, method, operation)));
      schemas().forEach(api.getComponents()::addSchemas);
    };
  }

  private static void describe(Operation operation) {
    if (operation.getParameters() != null) {
      operation.getParameters().stream()
          .filter(p -> "path".equals(p.getIn()) && "mesh".equals(p.getName()))
          // "Try it out" fills it in: every control plane begins with this mesh.
          .forEach(mesh -> mesh.setExample("default"));
      operation.getParameters().stream()
          .filter(parameter -> parameter.getDescription() == null)
          .forEach(
              parameter ->
                  parameter.setDescription(
                      PARAMETERS.get(parameter.getIn() + " " + parameter.getName())));
    }
  }

  private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
    ApiResponses answers = operation.getResponses();
    ApiResponse success = answers.get("200");
    boolean read = method == PathItem.HttpMethod.GET;
    boolean write = operation.getRequestBody() != null;
    if (success != null) {
      success.setDescription(read ? "It is this" : "It is done");
      alsoAsYaml(success.getContent());
      success.addHeaderObject(
          "ETag", new Header().description("Changes with the content").schema(new StringSchema()));
    }
    if (write && isResource(path)) {
      answers.addApiResponse(
          "201",
          new ApiResponse()
              .description("It was created")
              .addHeaderObject(
                  "Location", new Header().description("Where it is").schema(new StringSchema()))
              .content(success == null ? null : success.getContent()));
      conflicts(method, answers);
    }
    if (!read && isResource(path) && method != PathItem.HttpMethod.POST) {
      condition(operation, "If-Match", "Only if it is at this revision, or `*`: only if it exists");
      condition(operation, "If-None-Match", "`*`: only if it does not exist");
      answers.addApiResponse("412", problem("If-Match or If-None-Match does not hold"));
    }
    if (read) {
      condition(operation, "If-None-Match", "Answer 304 if this is still its ETag");
      answers.addApiResponse("304", new ApiResponse().description("It has not changed"));
    }
    answers.addApiResponse(
        "400", problem("Something in the request is not allowed; what, it says"));
    answers.addApiResponse("401", problem("The admin token is missing or wrong"));
    answers.addApiResponse("403", problem("The request comes from another site"));
    if (path.contains("{")) {
      answers.addApiResponse("404", problem("There is no such thing"));
    }
    if (rendered(path)) {
      answers.addApiResponse(
          "422", problem("No bundle can be made of this dataplane; why, it says"));
    }
    if (write) {
      answers.addApiResponse("413", problem("The body is larger than 1 MiB"));
      answers.addApiResponse("415", problem("The body is neither JSON nor YAML"));
    }
    answers.addApiResponse("503", problem("The database can't be reached; try again"));
  }

  private static boolean rendered(String path) {
    return path.contains("/_bundle")
        || path.endsWith("/xds")
        || path.endsWith("/_config")
        || path.endsWith("/_trace");
  }

  private static boolean isResource(String path) {
    return path.startsWith("/meshes") && !path.contains("/_");
  }

  private static void conflicts(PathItem.HttpMethod method, ApiResponses answers) {
    answers.addApiResponse(
        "409",
        problem(
            method == PathItem.HttpMethod.POST
                ? "The name is taken by other content, or the address by another dataplane"
                : "Another dataplane is dialled at the same address and port"));
  }

  private static void condition(Operation operation, String header, String description) {
    operation.addParametersItem(
        new HeaderParameter()
            .name(header)
            .required(false)
            .description(description)
            .schema(new StringSchema()));
  }

  private static ApiResponse problem(String description) {
    return new ApiResponse()
        .description(description)
        .content(new Content().addMediaType(PROBLEM, new MediaType().schema(reference("Problem"))));
  }

  private static void alsoAsYaml(Content content) {
    MediaType json = content == null ? null : content.get(DocumentTypes.JSON);
    if (content != null && json != null) {
      content.addMediaType(DocumentTypes.YAML, json);
    }
  }

  private static RequestBody body(String schema) {
    MediaType yaml = new MediaType().schema(reference(schema));
    MediaType json = new MediaType().schema(reference(schema));
    Examples.of(schema)
        .forEach(
            (name, example) -> {
              yaml.addExamples(
                  name, new Example().summary(example.summary()).value(example.yaml()));
              json.addExamples(
                  name, new Example().summary(example.summary()).value(example.json()));
            });
    return new RequestBody()
        .content(
            new Content()
                .addMediaType(DocumentTypes.YAML, yaml)
                .addMediaType(DocumentTypes.JSON, json));
  }

  private static Schema<?> reference(String schema) {
    return new Schema<>().$ref("#/components/schemas/" + schema);
  }

  private static Map<String, Schema<?>> schemas() {
    try (InputStream file = Contract.class.getResourceAsStream(SCHEMAS)) {
      return new TreeMap<>(
          Yaml31.mapper().readValue(file, new TypeReference<Map<String, Schema<?>>>() {}));
    } catch (IOException e) {
      throw new UncheckedIOException(SCHEMAS + " can't be read", e);
    }
  }
}
