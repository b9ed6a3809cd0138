//! All rules. A line here, a file beside this one, a page in `rules/`: that is a rule.

use crate::config::Known;
use crate::rule::Rule;

macro_rules! rules {
    ($($group:ident { $($rule:ident,)+ })+) => {
        $(
            #[doc = concat!("The group `", stringify!($group), "`.")]
            pub mod $group {
                $(pub mod $rule;)+
            }
        )+

        /// Every rule, by group, in the order of the list.
        pub static ALL: &[&Rule] = &[$($(&$group::$rule::RULE,)+)+];
    };
}

rules! {
    versions {
        platform_mismatch,
        aws_sdk_mismatch,
        bundled_library_override,
        client_lock_broken,
        connect_client_newer,
        connect_extras_missing,
        connector_incompatible,
        grpc_incompatible,
        hadoop_mismatch,
        java_module_flags,
        java_unsupported,
        package_misnamed,
        py4j_path_mismatch,
        python_jar_mismatch,
        python_library_incompatible,
        python_unsupported,
        python_worker_mismatch,
        scala_binary_mismatch,
        scala_library_patch,
        scala_unpublished,
        scala_version_inconsistent,
        spark_module_mismatch,
        spark_runtime_mismatch,
        spark_version_skew,
        release_withdrawn,
        release_unknown,
    }
    spark {
        app_conf_not_string,
        app_conf_denied,
        app_conf_shadowed,
        app_field_missing,
        app_field_mistyped,
        app_field_unknown,
        conf_deprecated_key,
        conf_invalid_value,
        conf_removed_key,
        conf_unknown_key,
        app_name_too_long,
        app_node_selector_twice,
        app_restart_without_retries,
        app_service_account_missing,
        app_volume_undefined,
        app_cores_fractional,
        app_cpu_limit_below_request,
        app_memory_unit,
        app_overhead_fraction,
        dynamic_allocation_unsafe,
        heap_below_minimum,
        memory_overhead_too_small,
        app_webhook_required,
        conf_wrong_master,
        extension_jar_missing,
        ivy_home_unwritable,
        legacy_s3_scheme,
        payload_invalid,
        plaintext_credential,
        serializer_unreadable,
        stream_without_rate_limit,
        submit_flag_repeated,
        spark_core_in_packages,
    }
    build {
        enforcer_missing,
        jdk_disagreement,
        jdk_prerelease,
        log4j1_config,
        logging_binding_clash,
        maven_profile_conflict,
        provided_but_missing,
        services_dropped,
        snapshot_dependency,
        spark_bundled,
        spark_go_client_only,
        update_bot_splits_spark,
    }
    kubernetes {
        api_version_removed,
        autoscaler_fights_replicas,
        canary_weight_invalid,
        configmap_mode_implicit,
        container_root,
        go_runtime_limits,
        grace_period_too_short,
        heap_exceeds_limit,
        image_unpinned,
        limit_below_request,
        networkpolicy_missing,
        operator_minimum,
        otel_incomplete,
        probe_budget_ratio,
        probe_identical,
        probe_missing,
        probe_port_unknown,
        probe_protocol,
        probe_timeout_exceeds_period,
        qos_not_guaranteed,
        quantity_suspicious,
        reference_dangling,
        request_limit_gap,
        resources_missing,
        seccomp_too_open,
        security_field_misplaced,
        spark_port_exposed,
        startup_budget_too_short,
        volume_mount_undefined,
        wasm_import_forbidden,
    }
    image {
        entrypoint_daemonizes,
        image_root,
        java_home_arch,
        main_file_missing,
        temp_files_kept,
        base_image_unpinned,
        image_gone,
        image_unpublished,
        download_gone,
        tarball_unpublished,
        python_missing,
    }
    code {
        ffi_unsafe_type,
        ffi_unchecked_pointer,
        ffi_panic,
        resource_unreleased,
        sentinel_misused,
        goroutine_without_end,
        pooled_buffer_escapes,
        grpc_message_limit,
        cache_unbounded,
        broadcast_decoded_per_task,
        struct_tag_mismatch,
        kafka_auto_commit,
        token_in_source,
        rpc_without_deadline,
        connect_url_invalid,
        http_without_timeout,
        debug_endpoint_exposed,
        tls_unverified,
        grpc_plaintext,
        forbidden_call,
        schema_inferred,
        session_in_task,
    }
    observability {
        histogram_range,
        log_fields_missing,
        metric_name,
        pool_unbounded,
    }
    always {
        table_row_invalid,
        unknown_rule,
        unreadable_file,
        unused_ignore,
    }
}

/// What configurations may speak about.
pub fn known() -> Vec<Known> {
    ALL.iter().map(|rule| Known { id: rule.id, level: rule.level, options: rule.options }).collect()
}

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}
