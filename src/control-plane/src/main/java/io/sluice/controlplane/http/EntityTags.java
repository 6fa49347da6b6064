package io.sluice.controlplane.http;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/** Gives a tag, made from the body, to every read of operators that has none of its own. */
@Configuration(proxyBeanMethods = false)
class EntityTags {

  @Bean
  FilterRegistrationBean<ShallowEtagHeaderFilter> entityTagFilter() {
    return new FilterRegistrationBean<>(
        new ShallowEtagHeaderFilter() {
          @Override
          protected boolean shouldNotFilter(HttpServletRequest request) {
            return request.getServletPath().startsWith("/agent/");
          }
        });
  }
}
