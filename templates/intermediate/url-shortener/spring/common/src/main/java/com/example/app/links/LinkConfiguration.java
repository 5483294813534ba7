package com.example.app.links;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Needed by {@link ClickBuffer}. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class LinkConfiguration {}
