// The types of the kinds that Kubernetes 1.36 serves by default, as facts: which fields, of which
// type, which lists merge by which keys. `schema.cc` explains the notation.
//
// Source: the OpenAPI document of Kubernetes 1.36.1; only stable versions are served by default.
#include "cluster/api/schema/schema.h"

namespace wavetank::cluster::api {

// clang-format off
extern const std::string_view kTypeTable;
const std::string_view kTypeTable = R"table(
Binding apiVersion:s kind:s metadata:ObjectMeta target:ObjectReference+
ComponentStatus apiVersion:s conditions:[ComponentCondition{type}~type kind:s metadata:ObjectMeta
ConfigMap apiVersion:s binaryData:<y data:<s immutable:b kind:s metadata:ObjectMeta
Endpoints apiVersion:s kind:s metadata:ObjectMeta subsets:[EndpointSubset
Event action:s apiVersion:s count:i eventTime:t firstTimestamp:t involvedObject:ObjectReference+
 kind:s lastTimestamp:t message:s metadata:ObjectMeta+ reason:s related:ObjectReference
 reportingComponent:s reportingInstance:s series:EventSeries source:EventSource type:s
LimitRange apiVersion:s kind:s metadata:ObjectMeta spec:LimitRangeSpec
Namespace apiVersion:s kind:s metadata:ObjectMeta spec:NamespaceSpec status:NamespaceStatus
Node apiVersion:s kind:s metadata:ObjectMeta spec:NodeSpec status:NodeStatus
PersistentVolumeClaim apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeClaimSpec
 status:PersistentVolumeClaimStatus
PersistentVolume apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeSpec
 status:PersistentVolumeStatus
Pod apiVersion:s kind:s metadata:ObjectMeta spec:PodSpec status:PodStatus
PodTemplate apiVersion:s kind:s metadata:ObjectMeta template:PodTemplateSpec
ReplicationController apiVersion:s kind:s metadata:ObjectMeta spec:ReplicationControllerSpec
 status:ReplicationControllerStatus
ResourceQuota apiVersion:s kind:s metadata:ObjectMeta spec:ResourceQuotaSpec
 status:ResourceQuotaStatus
Secret apiVersion:s data:<y immutable:b kind:s metadata:ObjectMeta stringData:<s type:s
ServiceAccount apiVersion:s automountServiceAccountToken:b imagePullSecrets:[LocalObjectReference
 kind:s metadata:ObjectMeta secrets:[ObjectReference{name}~name
Service apiVersion:s kind:s metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus
MutatingAdmissionPolicy apiVersion:s kind:s metadata:ObjectMeta spec:MutatingAdmissionPolicySpec
MutatingAdmissionPolicyBinding apiVersion:s kind:s metadata:ObjectMeta
 spec:MutatingAdmissionPolicyBindingSpec
MutatingWebhookConfiguration apiVersion:s kind:s metadata:ObjectMeta
 webhooks:[MutatingWebhook{name}~name
ValidatingAdmissionPolicy apiVersion:s kind:s metadata:ObjectMeta
 spec:ValidatingAdmissionPolicySpec status:ValidatingAdmissionPolicyStatus
ValidatingAdmissionPolicyBinding apiVersion:s kind:s metadata:ObjectMeta
 spec:ValidatingAdmissionPolicyBindingSpec+
ValidatingWebhookConfiguration apiVersion:s kind:s metadata:ObjectMeta
 webhooks:[ValidatingWebhook{name}~name
CustomResourceDefinition apiVersion:s kind:s metadata:ObjectMeta
 spec:CustomResourceDefinitionSpec+ status:CustomResourceDefinitionStatus
APIService apiVersion:s kind:s metadata:ObjectMeta spec:APIServiceSpec status:APIServiceStatus
ControllerRevision apiVersion:s data:* kind:s metadata:ObjectMeta revision:l+
DaemonSet apiVersion:s kind:s metadata:ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus
Deployment apiVersion:s kind:s metadata:ObjectMeta spec:DeploymentSpec status:DeploymentStatus
ReplicaSet apiVersion:s kind:s metadata:ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus
StatefulSet apiVersion:s kind:s metadata:ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus
SelfSubjectReview apiVersion:s kind:s metadata:ObjectMeta status:SelfSubjectReviewStatus
TokenReview apiVersion:s kind:s metadata:ObjectMeta spec:TokenReviewSpec+ status:TokenReviewStatus
LocalSubjectAccessReview apiVersion:s kind:s metadata:ObjectMeta spec:SubjectAccessReviewSpec+
 status:SubjectAccessReviewStatus
SelfSubjectAccessReview apiVersion:s kind:s metadata:ObjectMeta spec:SelfSubjectAccessReviewSpec+
 status:SubjectAccessReviewStatus
SelfSubjectRulesReview apiVersion:s kind:s metadata:ObjectMeta spec:SelfSubjectRulesReviewSpec+
 status:SubjectRulesReviewStatus
SubjectAccessReview apiVersion:s kind:s metadata:ObjectMeta spec:SubjectAccessReviewSpec+
 status:SubjectAccessReviewStatus
HorizontalPodAutoscaler apiVersion:s kind:s metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec+
 status:HorizontalPodAutoscalerStatus
autoscaling.HorizontalPodAutoscaler apiVersion:s kind:s metadata:ObjectMeta
 spec:autoscaling.HorizontalPodAutoscalerSpec+ status:autoscaling.HorizontalPodAutoscalerStatus
CronJob apiVersion:s kind:s metadata:ObjectMeta spec:CronJobSpec+ status:CronJobStatus
Job apiVersion:s kind:s metadata:ObjectMeta spec:JobSpec status:JobStatus
CertificateSigningRequest apiVersion:s kind:s metadata:ObjectMeta
 spec:CertificateSigningRequestSpec+ status:CertificateSigningRequestStatus
Lease apiVersion:s kind:s metadata:ObjectMeta spec:LeaseSpec
EndpointSlice addressType:s+ apiVersion:s endpoints:[Endpoint kind:s metadata:ObjectMeta
 ports:[EndpointPort
events.Event action:s apiVersion:s deprecatedCount:i deprecatedFirstTimestamp:t
 deprecatedLastTimestamp:t deprecatedSource:EventSource eventTime:t+ kind:s metadata:ObjectMeta
 note:s reason:s regarding:ObjectReference related:ObjectReference reportingController:s
 reportingInstance:s series:events.EventSeries type:s
FlowSchema apiVersion:s kind:s metadata:ObjectMeta spec:FlowSchemaSpec status:FlowSchemaStatus
PriorityLevelConfiguration apiVersion:s kind:s metadata:ObjectMeta
 spec:PriorityLevelConfigurationSpec status:PriorityLevelConfigurationStatus
IngressClass apiVersion:s kind:s metadata:ObjectMeta spec:IngressClassSpec
Ingress apiVersion:s kind:s metadata:ObjectMeta spec:IngressSpec status:IngressStatus
IPAddress apiVersion:s kind:s metadata:ObjectMeta spec:IPAddressSpec+
NetworkPolicy apiVersion:s kind:s metadata:ObjectMeta spec:NetworkPolicySpec
ServiceCIDR apiVersion:s kind:s metadata:ObjectMeta spec:ServiceCIDRSpec status:ServiceCIDRStatus
RuntimeClass apiVersion:s handler:s+ kind:s metadata:ObjectMeta overhead:Overhead
 scheduling:Scheduling
PodDisruptionBudget apiVersion:s kind:s metadata:ObjectMeta spec:PodDisruptionBudgetSpec
 status:PodDisruptionBudgetStatus
ClusterRoleBinding apiVersion:s kind:s metadata:ObjectMeta roleRef:RoleRef+ subjects:[Subject
ClusterRole aggregationRule:AggregationRule apiVersion:s kind:s metadata:ObjectMeta
 rules:[PolicyRule
RoleBinding apiVersion:s kind:s metadata:ObjectMeta roleRef:RoleRef+ subjects:[Subject
Role apiVersion:s kind:s metadata:ObjectMeta rules:[PolicyRule
DeviceClass apiVersion:s kind:s metadata:ObjectMeta spec:DeviceClassSpec+
ResourceClaim apiVersion:s kind:s metadata:ObjectMeta spec:ResourceClaimSpec+
 status:ResourceClaimStatus
ResourceClaimTemplate apiVersion:s kind:s metadata:ObjectMeta spec:ResourceClaimTemplateSpec+
ResourceSlice apiVersion:s kind:s metadata:ObjectMeta spec:ResourceSliceSpec+
PriorityClass apiVersion:s description:s globalDefault:b kind:s metadata:ObjectMeta
 preemptionPolicy:s value:i
CSIDriver apiVersion:s kind:s metadata:ObjectMeta spec:CSIDriverSpec+
CSINode apiVersion:s kind:s metadata:ObjectMeta spec:CSINodeSpec+
CSIStorageCapacity apiVersion:s capacity:q kind:s maximumVolumeSize:q metadata:ObjectMeta
 nodeTopology:LabelSelector storageClassName:s+
StorageClass allowVolumeExpansion:b allowedTopologies:[TopologySelectorTerm apiVersion:s kind:s
 metadata:ObjectMeta mountOptions:[s parameters:<s provisioner:s+ reclaimPolicy:s
 volumeBindingMode:s
VolumeAttachment apiVersion:s kind:s metadata:ObjectMeta spec:VolumeAttachmentSpec+
 status:VolumeAttachmentStatus
VolumeAttributesClass apiVersion:s driverName:s+ kind:s metadata:ObjectMeta parameters:<s
ObjectMeta annotations:<s creationTimestamp:t deletionGracePeriodSeconds:l deletionTimestamp:t
 finalizers:[s{}~ generateName:s generation:l labels:<s managedFields:[ManagedFieldsEntry name:s
 namespace:s ownerReferences:[OwnerReference{uid}~uid resourceVersion:s selfLink:s uid:s
ObjectReference! apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s
ComponentCondition error:s message:s status:s+ type:s+
EndpointSubset addresses:[EndpointAddress notReadyAddresses:[EndpointAddress
 ports:[core.EndpointPort
EventSeries count:i lastObservedTime:t
EventSource component:s host:s
LimitRangeSpec limits:[LimitRangeItem+
NamespaceSpec finalizers:[s
NamespaceStatus conditions:[NamespaceCondition{type}~type phase:s
NodeSpec configSource:NodeConfigSource externalID:s podCIDR:s podCIDRs:[s{}~ providerID:s
 taints:[Taint unschedulable:b
NodeStatus addresses:[NodeAddress{type}~type allocatable:<q capacity:<q
 conditions:[NodeCondition{type}~type config:NodeConfigStatus daemonEndpoints:NodeDaemonEndpoints
 declaredFeatures:[s features:NodeFeatures images:[ContainerImage nodeInfo:NodeSystemInfo phase:s
 runtimeHandlers:[NodeRuntimeHandler volumesAttached:[AttachedVolume volumesInUse:[s
PersistentVolumeClaimSpec accessModes:[s dataSource:TypedLocalObjectReference
 dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements selector:LabelSelector
 storageClassName:s volumeAttributesClassName:s volumeMode:s volumeName:s
PersistentVolumeClaimStatus accessModes:[s allocatedResourceStatuses:<s allocatedResources:<q
 capacity:<q conditions:[PersistentVolumeClaimCondition{type}~type
 currentVolumeAttributesClassName:s modifyVolumeStatus:ModifyVolumeStatus phase:s
PersistentVolumeSpec accessModes:[s awsElasticBlockStore:AWSElasticBlockStoreVolumeSource
 azureDisk:AzureDiskVolumeSource azureFile:AzureFilePersistentVolumeSource capacity:<q
 cephfs:CephFSPersistentVolumeSource cinder:CinderPersistentVolumeSource claimRef:ObjectReference
 csi:CSIPersistentVolumeSource fc:FCVolumeSource flexVolume:FlexPersistentVolumeSource
 flocker:FlockerVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource
 glusterfs:GlusterfsPersistentVolumeSource hostPath:HostPathVolumeSource
 iscsi:ISCSIPersistentVolumeSource local:LocalVolumeSource mountOptions:[s nfs:NFSVolumeSource
 nodeAffinity:VolumeNodeAffinity persistentVolumeReclaimPolicy:s
 photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource
 quobyte:QuobyteVolumeSource rbd:RBDPersistentVolumeSource scaleIO:ScaleIOPersistentVolumeSource
 storageClassName:s storageos:StorageOSPersistentVolumeSource volumeAttributesClassName:s
 volumeMode:s vsphereVolume:VsphereVirtualDiskVolumeSource
PersistentVolumeStatus lastPhaseTransitionTime:t message:s phase:s reason:s
PodSpec activeDeadlineSeconds:l affinity:Affinity automountServiceAccountToken:b
 containers:[Container{name}~name+ dnsConfig:PodDNSConfig dnsPolicy:s enableServiceLinks:b
 ephemeralContainers:[EphemeralContainer{name}~name hostAliases:[HostAlias{ip}~ip hostIPC:b
 hostNetwork:b hostPID:b hostUsers:b hostname:s hostnameOverride:s
 imagePullSecrets:[LocalObjectReference{name}~name initContainers:[Container{name}~name nodeName:s
 nodeSelector:<s! os:PodOS overhead:<q preemptionPolicy:s priority:i priorityClassName:s
 readinessGates:[PodReadinessGate resourceClaims:[PodResourceClaim{name}~name@
 resources:ResourceRequirements restartPolicy:s runtimeClassName:s schedulerName:s
 schedulingGates:[PodSchedulingGate{name}~name schedulingGroup:PodSchedulingGroup
 securityContext:PodSecurityContext serviceAccount:s serviceAccountName:s setHostnameAsFQDN:b
 shareProcessNamespace:b subdomain:s terminationGracePeriodSeconds:l tolerations:[Toleration
 topologySpreadConstraints:[TopologySpreadConstraint{topologyKey,whenUnsatisfiable}~topologyKey
 volumes:[Volume{name}~name@
PodStatus allocatedResources:<q conditions:[PodCondition{type}~type
 containerStatuses:[ContainerStatus ephemeralContainerStatuses:[ContainerStatus
 extendedResourceClaimStatus:PodExtendedResourceClaimStatus hostIP:s hostIPs:[HostIP~ip
 initContainerStatuses:[ContainerStatus message:s
 nodeAllocatableResourceClaimStatuses:[NodeAllocatableResourceClaimStatus nominatedNodeName:s
 observedGeneration:l phase:s podIP:s podIPs:[PodIP{ip}~ip qosClass:s reason:s resize:s
 resourceClaimStatuses:[PodResourceClaimStatus{name}~name@ resources:ResourceRequirements
 startTime:t
PodTemplateSpec metadata:ObjectMeta spec:PodSpec
ReplicationControllerSpec minReadySeconds:i replicas:i selector:<s! template:PodTemplateSpec
ReplicationControllerStatus availableReplicas:i
 conditions:[ReplicationControllerCondition{type}~type fullyLabeledReplicas:i observedGeneration:l
 readyReplicas:i replicas:i+
ResourceQuotaSpec hard:<q scopeSelector:ScopeSelector scopes:[s
ResourceQuotaStatus hard:<q used:<q
LocalObjectReference! name:s
ServiceSpec allocateLoadBalancerNodePorts:b clusterIP:s clusterIPs:[s externalIPs:[s
 externalName:s externalTrafficPolicy:s healthCheckNodePort:i internalTrafficPolicy:s
 ipFamilies:[s ipFamilyPolicy:s loadBalancerClass:s loadBalancerIP:s loadBalancerSourceRanges:[s
 ports:[ServicePort{port,protocol}~port publishNotReadyAddresses:b selector:<s! sessionAffinity:s
 sessionAffinityConfig:SessionAffinityConfig trafficDistribution:s type:s
ServiceStatus conditions:[Condition{type}~type loadBalancer:LoadBalancerStatus
MutatingAdmissionPolicySpec failurePolicy:s matchConditions:[MatchCondition{name}~name
 matchConstraints:MatchResources mutations:[Mutation paramKind:ParamKind reinvocationPolicy:s
 variables:[Variable
MutatingAdmissionPolicyBindingSpec matchResources:MatchResources paramRef:ParamRef policyName:s
MutatingWebhook admissionReviewVersions:[s+ clientConfig:WebhookClientConfig+ failurePolicy:s
 matchConditions:[MatchCondition{name}~name matchPolicy:s name:s+ namespaceSelector:LabelSelector
 objectSelector:LabelSelector reinvocationPolicy:s rules:[RuleWithOperations sideEffects:s+
 timeoutSeconds:i
ValidatingAdmissionPolicySpec auditAnnotations:[AuditAnnotation failurePolicy:s
 matchConditions:[MatchCondition{name}~name matchConstraints:MatchResources paramKind:ParamKind
 validations:[Validation variables:[Variable{name}~name
ValidatingAdmissionPolicyStatus conditions:[Condition{type} observedGeneration:l
 typeChecking:TypeChecking
ValidatingAdmissionPolicyBindingSpec matchResources:MatchResources paramRef:ParamRef policyName:s+
 validationActions:[s{}+
ValidatingWebhook admissionReviewVersions:[s+ clientConfig:WebhookClientConfig+ failurePolicy:s
 matchConditions:[MatchCondition{name}~name matchPolicy:s name:s+ namespaceSelector:LabelSelector
 objectSelector:LabelSelector rules:[RuleWithOperations sideEffects:s+ timeoutSeconds:i
CustomResourceDefinitionSpec conversion:CustomResourceConversion group:s+
 names:CustomResourceDefinitionNames+ preserveUnknownFields:b scope:s+
 versions:[CustomResourceDefinitionVersion+
CustomResourceDefinitionStatus acceptedNames:CustomResourceDefinitionNames
 conditions:[CustomResourceDefinitionCondition{type} observedGeneration:l storedVersions:[s
APIServiceSpec caBundle:y group:s groupPriorityMinimum:i+ insecureSkipTLSVerify:b
 service:ServiceReference version:s versionPriority:i+
APIServiceStatus conditions:[APIServiceCondition{type}~type
DaemonSetSpec minReadySeconds:i revisionHistoryLimit:i selector:LabelSelector+
 template:PodTemplateSpec+ updateStrategy:DaemonSetUpdateStrategy
DaemonSetStatus collisionCount:i conditions:[DaemonSetCondition{type}~type
 currentNumberScheduled:i+ desiredNumberScheduled:i+ numberAvailable:i numberMisscheduled:i+
 numberReady:i+ numberUnavailable:i observedGeneration:l updatedNumberScheduled:i
DeploymentSpec minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i
 revisionHistoryLimit:i selector:LabelSelector+ strategy:DeploymentStrategy@
 template:PodTemplateSpec+
DeploymentStatus availableReplicas:i collisionCount:i conditions:[DeploymentCondition{type}~type
 observedGeneration:l readyReplicas:i replicas:i terminatingReplicas:i unavailableReplicas:i
 updatedReplicas:i
ReplicaSetSpec minReadySeconds:i replicas:i selector:LabelSelector+ template:PodTemplateSpec
ReplicaSetStatus availableReplicas:i conditions:[ReplicaSetCondition{type}~type
 fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas:i+ terminatingReplicas:i
StatefulSetSpec minReadySeconds:i ordinals:StatefulSetOrdinals
 persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy
 podManagementPolicy:s replicas:i revisionHistoryLimit:i selector:LabelSelector+ serviceName:s
 template:PodTemplateSpec+ updateStrategy:StatefulSetUpdateStrategy
 volumeClaimTemplates:[PersistentVolumeClaim
StatefulSetStatus availableReplicas:i collisionCount:i conditions:[StatefulSetCondition{type}~type
 currentReplicas:i currentRevision:s observedGeneration:l readyReplicas:i replicas:i+
 updateRevision:s updatedReplicas:i
SelfSubjectReviewStatus userInfo:UserInfo
TokenReviewSpec audiences:[s token:s+
TokenReviewStatus audiences:[s authenticated:b error:s user:UserInfo
SubjectAccessReviewSpec extra:<[s groups:[s nonResourceAttributes:NonResourceAttributes
 resourceAttributes:ResourceAttributes uid:s user:s
SubjectAccessReviewStatus allowed:b+ denied:b evaluationError:s reason:s
SelfSubjectAccessReviewSpec nonResourceAttributes:NonResourceAttributes
 resourceAttributes:ResourceAttributes
SelfSubjectRulesReviewSpec namespace:s
SubjectRulesReviewStatus evaluationError:s incomplete:b+ nonResourceRules:[NonResourceRule+
 resourceRules:[ResourceRule+
HorizontalPodAutoscalerSpec maxReplicas:i+ minReplicas:i
 scaleTargetRef:CrossVersionObjectReference+ targetCPUUtilizationPercentage:i
HorizontalPodAutoscalerStatus currentCPUUtilizationPercentage:i currentReplicas:i+
 desiredReplicas:i+ lastScaleTime:t observedGeneration:l
autoscaling.HorizontalPodAutoscalerSpec behavior:HorizontalPodAutoscalerBehavior maxReplicas:i+
 metrics:[MetricSpec minReplicas:i scaleTargetRef:autoscaling.CrossVersionObjectReference+
autoscaling.HorizontalPodAutoscalerStatus conditions:[HorizontalPodAutoscalerCondition{type}~type
 currentMetrics:[MetricStatus currentReplicas:i desiredReplicas:i+ lastScaleTime:t
 observedGeneration:l
CronJobSpec concurrencyPolicy:s failedJobsHistoryLimit:i jobTemplate:JobTemplateSpec+ schedule:s+
 startingDeadlineSeconds:l successfulJobsHistoryLimit:i suspend:b timeZone:s
CronJobStatus active:[ObjectReference lastScheduleTime:t lastSuccessfulTime:t
JobSpec activeDeadlineSeconds:l backoffLimit:i backoffLimitPerIndex:i completionMode:s
 completions:i managedBy:s manualSelector:b maxFailedIndexes:i parallelism:i
 podFailurePolicy:PodFailurePolicy podReplacementPolicy:s selector:LabelSelector
 successPolicy:SuccessPolicy suspend:b template:PodTemplateSpec+ ttlSecondsAfterFinished:i
JobStatus active:i completedIndexes:s completionTime:t conditions:[JobCondition~type failed:i
 failedIndexes:s ready:i startTime:t succeeded:i terminating:i
 uncountedTerminatedPods:UncountedTerminatedPods
CertificateSigningRequestSpec expirationSeconds:i extra:<[s groups:[s request:y+ signerName:s+
 uid:s usages:[s username:s
CertificateSigningRequestStatus certificate:y conditions:[CertificateSigningRequestCondition{type}
LeaseSpec acquireTime:t holderIdentity:s leaseDurationSeconds:i leaseTransitions:i
 preferredHolder:s renewTime:t strategy:s
Endpoint addresses:[s{}+ conditions:EndpointConditions deprecatedTopology:<s hints:EndpointHints
 hostname:s nodeName:s targetRef:ObjectReference zone:s
EndpointPort! appProtocol:s name:s port:i protocol:s
events.EventSeries count:i+ lastObservedTime:t+
FlowSchemaSpec distinguisherMethod:FlowDistinguisherMethod matchingPrecedence:i
 priorityLevelConfiguration:PriorityLevelConfigurationReference+ rules:[PolicyRulesWithSubjects
FlowSchemaStatus conditions:[FlowSchemaCondition{type}~type
PriorityLevelConfigurationSpec exempt:ExemptPriorityLevelConfiguration
 limited:LimitedPriorityLevelConfiguration type:s+
PriorityLevelConfigurationStatus conditions:[PriorityLevelConfigurationCondition{type}~type
IngressClassSpec controller:s parameters:IngressClassParametersReference
IngressSpec defaultBackend:IngressBackend ingressClassName:s rules:[IngressRule tls:[IngressTLS
IngressStatus loadBalancer:IngressLoadBalancerStatus
IPAddressSpec parentRef:ParentReference+
NetworkPolicySpec egress:[NetworkPolicyEgressRule ingress:[NetworkPolicyIngressRule
 podSelector:LabelSelector policyTypes:[s
ServiceCIDRSpec cidrs:[s
ServiceCIDRStatus conditions:[Condition{type}~type
Overhead podFixed:<q
Scheduling nodeSelector:<s! tolerations:[Toleration
PodDisruptionBudgetSpec maxUnavailable:x minAvailable:x selector:LabelSelector
 unhealthyPodEvictionPolicy:s
PodDisruptionBudgetStatus conditions:[Condition{type}~type currentHealthy:i desiredHealthy:i
 disruptedPods:<t disruptionsAllowed:i expectedPods:i observedGeneration:l
RoleRef! apiGroup:s kind:s+ name:s+
Subject! apiGroup:s kind:s+ name:s+ namespace:s
AggregationRule clusterRoleSelectors:[LabelSelector
PolicyRule apiGroups:[s nonResourceURLs:[s resourceNames:[s resources:[s verbs:[s+
DeviceClassSpec config:[DeviceClassConfiguration extendedResourceName:s selectors:[DeviceSelector
ResourceClaimSpec devices:DeviceClaim
ResourceClaimStatus allocation:AllocationResult
 devices:[AllocatedDeviceStatus{driver,device,pool,shareID}
 reservedFor:[ResourceClaimConsumerReference{uid}~uid
ResourceClaimTemplateSpec metadata:ObjectMeta spec:ResourceClaimSpec+
ResourceSliceSpec allNodes:b devices:[Device driver:s+ nodeName:s nodeSelector:NodeSelector
 perDeviceNodeSelection:b pool:ResourcePool+ sharedCounters:[CounterSet
CSIDriverSpec attachRequired:b fsGroupPolicy:s nodeAllocatableUpdatePeriodSeconds:l
 podInfoOnMount:b preventPodSchedulingIfMissing:b requiresRepublish:b seLinuxMount:b
 serviceAccountTokenInSecrets:b storageCapacity:b tokenRequests:[TokenRequest
 volumeLifecycleModes:[s{}
CSINodeSpec drivers:[CSINodeDriver{name}~name+
LabelSelector! matchExpressions:[LabelSelectorRequirement matchLabels:<s
TopologySelectorTerm! matchLabelExpressions:[TopologySelectorLabelRequirement
VolumeAttachmentSpec attacher:s+ nodeName:s+ source:VolumeAttachmentSource+
VolumeAttachmentStatus attachError:VolumeError attached:b+ attachmentMetadata:<s
 detachError:VolumeError
ManagedFieldsEntry apiVersion:s fieldsType:s fieldsV1:* manager:s operation:s subresource:s time:t
OwnerReference! apiVersion:s+ blockOwnerDeletion:b controller:b kind:s+ name:s+ uid:s+
EndpointAddress! hostname:s ip:s+ nodeName:s targetRef:ObjectReference
core.EndpointPort! appProtocol:s name:s port:i+ protocol:s
LimitRangeItem default:<q defaultRequest:<q max:<q maxLimitRequestRatio:<q min:<q type:s+
NamespaceCondition lastTransitionTime:t message:s reason:s status:s+ type:s+
NodeConfigSource configMap:ConfigMapNodeConfigSource
Taint effect:s+ key:s+ timeAdded:t value:s
NodeAddress address:s+ type:s+
NodeCondition lastHeartbeatTime:t lastTransitionTime:t message:s reason:s status:s+ type:s+
NodeConfigStatus active:NodeConfigSource assigned:NodeConfigSource error:s
 lastKnownGood:NodeConfigSource
NodeDaemonEndpoints kubeletEndpoint:DaemonEndpoint
NodeFeatures supplementalGroupsPolicy:b
ContainerImage names:[s sizeBytes:l
NodeSystemInfo architecture:s+ bootID:s+ containerRuntimeVersion:s+ kernelVersion:s+
 kubeProxyVersion:s+ kubeletVersion:s+ machineID:s+ operatingSystem:s+ osImage:s+
 swap:NodeSwapStatus systemUUID:s+
NodeRuntimeHandler features:NodeRuntimeHandlerFeatures name:s
AttachedVolume devicePath:s+ name:s+
TypedLocalObjectReference! apiGroup:s kind:s+ name:s+
TypedObjectReference apiGroup:s kind:s+ name:s+ namespace:s
VolumeResourceRequirements limits:<q requests:<q
PersistentVolumeClaimCondition lastProbeTime:t lastTransitionTime:t message:s reason:s status:s+
 type:s+
ModifyVolumeStatus status:s+ targetVolumeAttributesClassName:s
AWSElasticBlockStoreVolumeSource fsType:s partition:i readOnly:b volumeID:s+
AzureDiskVolumeSource cachingMode:s diskName:s+ diskURI:s+ fsType:s kind:s readOnly:b
AzureFilePersistentVolumeSource readOnly:b secretName:s+ secretNamespace:s shareName:s+
CephFSPersistentVolumeSource monitors:[s+ path:s readOnly:b secretFile:s secretRef:SecretReference
 user:s
CinderPersistentVolumeSource fsType:s readOnly:b secretRef:SecretReference volumeID:s+
CSIPersistentVolumeSource controllerExpandSecretRef:SecretReference
 controllerPublishSecretRef:SecretReference driver:s+ fsType:s nodeExpandSecretRef:SecretReference
 nodePublishSecretRef:SecretReference nodeStageSecretRef:SecretReference readOnly:b
 volumeAttributes:<s volumeHandle:s+
FCVolumeSource fsType:s lun:i readOnly:b targetWWNs:[s wwids:[s
FlexPersistentVolumeSource driver:s+ fsType:s options:<s readOnly:b secretRef:SecretReference
FlockerVolumeSource datasetName:s datasetUUID:s
GCEPersistentDiskVolumeSource fsType:s partition:i pdName:s+ readOnly:b
GlusterfsPersistentVolumeSource endpoints:s+ endpointsNamespace:s path:s+ readOnly:b
HostPathVolumeSource path:s+ type:s
ISCSIPersistentVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:s+
 iscsiInterface:s lun:i+ portals:[s readOnly:b secretRef:SecretReference targetPortal:s+
LocalVolumeSource fsType:s path:s+
NFSVolumeSource path:s+ readOnly:b server:s+
VolumeNodeAffinity required:NodeSelector
PhotonPersistentDiskVolumeSource fsType:s pdID:s+
PortworxVolumeSource fsType:s readOnly:b volumeID:s+
QuobyteVolumeSource group:s readOnly:b registry:s+ tenant:s user:s volume:s+
RBDPersistentVolumeSource fsType:s image:s+ keyring:s monitors:[s+ pool:s readOnly:b
 secretRef:SecretReference user:s
ScaleIOPersistentVolumeSource fsType:s gateway:s+ protectionDomain:s readOnly:b
 secretRef:SecretReference+ sslEnabled:b storageMode:s storagePool:s system:s+ volumeName:s
StorageOSPersistentVolumeSource fsType:s readOnly:b secretRef:ObjectReference volumeName:s
 volumeNamespace:s
VsphereVirtualDiskVolumeSource fsType:s storagePolicyID:s storagePolicyName:s volumePath:s+
Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
Container args:[s command:[s env:[EnvVar{name}~name envFrom:[EnvFromSource image:s
 imagePullPolicy:s lifecycle:Lifecycle livenessProbe:Probe name:s+
 ports:[ContainerPort{containerPort,protocol}~containerPort readinessProbe:Probe
 resizePolicy:[ContainerResizePolicy resources:ResourceRequirements restartPolicy:s
 restartPolicyRules:[ContainerRestartRule securityContext:SecurityContext startupProbe:Probe
 stdin:b stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s tty:b
 volumeDevices:[VolumeDevice{devicePath}~devicePath volumeMounts:[VolumeMount{mountPath}~mountPath
 workingDir:s
PodDNSConfig nameservers:[s options:[PodDNSConfigOption searches:[s
EphemeralContainer args:[s command:[s env:[EnvVar{name}~name envFrom:[EnvFromSource image:s
 imagePullPolicy:s lifecycle:Lifecycle livenessProbe:Probe name:s+
 ports:[ContainerPort{containerPort,protocol}~containerPort readinessProbe:Probe
 resizePolicy:[ContainerResizePolicy resources:ResourceRequirements restartPolicy:s
 restartPolicyRules:[ContainerRestartRule securityContext:SecurityContext startupProbe:Probe
 stdin:b stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s
 tty:b volumeDevices:[VolumeDevice{devicePath}~devicePath
 volumeMounts:[VolumeMount{mountPath}~mountPath workingDir:s
HostAlias hostnames:[s ip:s+
PodOS name:s+
PodReadinessGate conditionType:s+
PodResourceClaim name:s+ resourceClaimName:s resourceClaimTemplateName:s
ResourceRequirements claims:[core.ResourceClaim{name} limits:<q requests:<q
PodSchedulingGate name:s+
PodSchedulingGroup podGroupName:s
PodSecurityContext appArmorProfile:AppArmorProfile fsGroup:l fsGroupChangePolicy:s runAsGroup:l
 runAsNonRoot:b runAsUser:l seLinuxChangePolicy:s seLinuxOptions:SELinuxOptions
 seccompProfile:SeccompProfile supplementalGroups:[l supplementalGroupsPolicy:s sysctls:[Sysctl
 windowsOptions:WindowsSecurityContextOptions
Toleration effect:s key:s operator:s tolerationSeconds:l value:s
TopologySpreadConstraint labelSelector:LabelSelector matchLabelKeys:[s maxSkew:i+ minDomains:i
 nodeAffinityPolicy:s nodeTaintsPolicy:s topologyKey:s+ whenUnsatisfiable:s+
Volume awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource
 azureFile:AzureFileVolumeSource cephfs:CephFSVolumeSource cinder:CinderVolumeSource
 configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource
 emptyDir:EmptyDirVolumeSource ephemeral:EphemeralVolumeSource fc:FCVolumeSource
 flexVolume:FlexVolumeSource flocker:FlockerVolumeSource
 gcePersistentDisk:GCEPersistentDiskVolumeSource gitRepo:GitRepoVolumeSource
 glusterfs:GlusterfsVolumeSource hostPath:HostPathVolumeSource image:ImageVolumeSource
 iscsi:ISCSIVolumeSource name:s+ nfs:NFSVolumeSource
 persistentVolumeClaim:PersistentVolumeClaimVolumeSource
 photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource
 projected:ProjectedVolumeSource quobyte:QuobyteVolumeSource rbd:RBDVolumeSource
 scaleIO:ScaleIOVolumeSource secret:SecretVolumeSource storageos:StorageOSVolumeSource
 vsphereVolume:VsphereVirtualDiskVolumeSource
PodCondition lastProbeTime:t lastTransitionTime:t message:s observedGeneration:l reason:s
 status:s+ type:s+
ContainerStatus allocatedResources:<q allocatedResourcesStatus:[ResourceStatus{name}~name
 containerID:s image:s+ imageID:s+ lastState:ContainerState name:s+ ready:b+
 resources:ResourceRequirements restartCount:i+ started:b state:ContainerState stopSignal:s
 user:ContainerUser volumeMounts:[VolumeMountStatus{mountPath}~mountPath
PodExtendedResourceClaimStatus requestMappings:[ContainerExtendedResourceRequest+
 resourceClaimName:s+
HostIP ip:s+
NodeAllocatableResourceClaimStatus containers:[s{} resourceClaimName:s+ resources:<q+
PodIP ip:s+
PodResourceClaimStatus name:s+ resourceClaimName:s
ReplicationControllerCondition lastTransitionTime:t message:s reason:s status:s+ type:s+
ScopeSelector! matchExpressions:[ScopedResourceSelectorRequirement
ServicePort appProtocol:s name:s nodePort:i port:i+ protocol:s targetPort:x
SessionAffinityConfig clientIP:ClientIPConfig
Condition lastTransitionTime:t+ message:s+ observedGeneration:l reason:s+ status:s+ type:s+
LoadBalancerStatus ingress:[LoadBalancerIngress
MatchCondition expression:s+ name:s+
MatchResources! excludeResourceRules:[NamedRuleWithOperations matchPolicy:s
 namespaceSelector:LabelSelector objectSelector:LabelSelector
 resourceRules:[NamedRuleWithOperations
Mutation applyConfiguration:ApplyConfiguration jsonPatch:JSONPatch patchType:s+
ParamKind! apiVersion:s kind:s
Variable! expression:s+ name:s+
ParamRef! name:s namespace:s parameterNotFoundAction:s selector:LabelSelector
WebhookClientConfig caBundle:y service:admissionregistration.ServiceReference url:s
RuleWithOperations apiGroups:[s apiVersions:[s operations:[s resources:[s scope:s
AuditAnnotation key:s+ valueExpression:s+
Validation expression:s+ message:s messageExpression:s reason:s
TypeChecking expressionWarnings:[ExpressionWarning
CustomResourceConversion strategy:s+ webhook:WebhookConversion
CustomResourceDefinitionNames categories:[s kind:s+ listKind:s plural:s+ shortNames:[s singular:s
CustomResourceDefinitionVersion additionalPrinterColumns:[CustomResourceColumnDefinition
 deprecated:b deprecationWarning:s name:s+ schema:CustomResourceValidation
 selectableFields:[SelectableField served:b+ storage:b+ subresources:CustomResourceSubresources
CustomResourceDefinitionCondition lastTransitionTime:t message:s observedGeneration:l reason:s
 status:s+ type:s+
ServiceReference name:s namespace:s port:i
APIServiceCondition lastTransitionTime:t message:s reason:s status:s+ type:s+
DaemonSetUpdateStrategy rollingUpdate:RollingUpdateDaemonSet type:s
DaemonSetCondition lastTransitionTime:t message:s reason:s status:s+ type:s+
DeploymentStrategy rollingUpdate:RollingUpdateDeployment type:s
DeploymentCondition lastTransitionTime:t lastUpdateTime:t message:s reason:s status:s+ type:s+
ReplicaSetCondition lastTransitionTime:t message:s reason:s status:s+ type:s+
StatefulSetOrdinals start:i
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s
StatefulSetUpdateStrategy rollingUpdate:RollingUpdateStatefulSetStrategy type:s
StatefulSetCondition lastTransitionTime:t message:s reason:s status:s+ type:s+
UserInfo extra:<[s groups:[s uid:s username:s
NonResourceAttributes path:s verb:s
ResourceAttributes fieldSelector:FieldSelectorAttributes group:s
 labelSelector:LabelSelectorAttributes name:s namespace:s resource:s subresource:s verb:s
 version:s
NonResourceRule nonResourceURLs:[s verbs:[s+
ResourceRule apiGroups:[s resourceNames:[s resources:[s verbs:[s+
CrossVersionObjectReference! apiVersion:s kind:s+ name:s+
HorizontalPodAutoscalerBehavior scaleDown:HPAScalingRules scaleUp:HPAScalingRules
MetricSpec containerResource:ContainerResourceMetricSource external:ExternalMetricSource
 object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource type:s+
autoscaling.CrossVersionObjectReference apiVersion:s kind:s+ name:s+
HorizontalPodAutoscalerCondition lastTransitionTime:t message:s reason:s status:s+ type:s+
MetricStatus containerResource:ContainerResourceMetricStatus external:ExternalMetricStatus
 object:ObjectMetricStatus pods:PodsMetricStatus resource:ResourceMetricStatus type:s+
JobTemplateSpec metadata:ObjectMeta spec:JobSpec
PodFailurePolicy rules:[PodFailurePolicyRule+
SuccessPolicy rules:[SuccessPolicyRule+
JobCondition lastProbeTime:t lastTransitionTime:t message:s reason:s status:s+ type:s+
UncountedTerminatedPods failed:[s{} succeeded:[s{}
CertificateSigningRequestCondition lastTransitionTime:t lastUpdateTime:t message:s reason:s
 status:s+ type:s+
EndpointConditions ready:b serving:b terminating:b
EndpointHints forNodes:[ForNode forZones:[ForZone
FlowDistinguisherMethod type:s+
PriorityLevelConfigurationReference name:s+
PolicyRulesWithSubjects nonResourceRules:[NonResourcePolicyRule resourceRules:[ResourcePolicyRule
 subjects:[flowcontrol.Subject+
FlowSchemaCondition lastTransitionTime:t message:s reason:s status:s type:s
ExemptPriorityLevelConfiguration lendablePercent:i nominalConcurrencyShares:i
LimitedPriorityLevelConfiguration borrowingLimitPercent:i lendablePercent:i
 limitResponse:LimitResponse nominalConcurrencyShares:i
PriorityLevelConfigurationCondition lastTransitionTime:t message:s reason:s status:s type:s
IngressClassParametersReference apiGroup:s kind:s+ name:s+ namespace:s scope:s
IngressBackend resource:TypedLocalObjectReference service:IngressServiceBackend
IngressRule host:s http:HTTPIngressRuleValue
IngressTLS hosts:[s secretName:s
IngressLoadBalancerStatus ingress:[IngressLoadBalancerIngress
ParentReference group:s name:s+ namespace:s resource:s+
NetworkPolicyEgressRule ports:[NetworkPolicyPort to:[NetworkPolicyPeer
NetworkPolicyIngressRule from:[NetworkPolicyPeer ports:[NetworkPolicyPort
DeviceClassConfiguration opaque:OpaqueDeviceConfiguration
DeviceSelector cel:CELDeviceSelector
DeviceClaim config:[DeviceClaimConfiguration constraints:[DeviceConstraint requests:[DeviceRequest
AllocationResult allocationTimestamp:t devices:DeviceAllocationResult nodeSelector:NodeSelector
AllocatedDeviceStatus conditions:[Condition{type} data:* device:s+ driver:s+
 networkData:NetworkDeviceData pool:s+ shareID:s
ResourceClaimConsumerReference apiGroup:s name:s+ resource:s+ uid:s+
Device allNodes:b allowMultipleAllocations:b attributes:<DeviceAttribute bindingConditions:[s
 bindingFailureConditions:[s bindsToNode:b capacity:<DeviceCapacity
 consumesCounters:[DeviceCounterConsumption name:s+
 nodeAllocatableResourceMappings:<NodeAllocatableResourceMapping nodeName:s
 nodeSelector:NodeSelector taints:[DeviceTaint
NodeSelector! nodeSelectorTerms:[NodeSelectorTerm+
ResourcePool generation:l+ name:s+ resourceSliceCount:l+
CounterSet counters:<Counter+ name:s+
TokenRequest audience:s+ expirationSeconds:l
CSINodeDriver allocatable:VolumeNodeResources name:s+ nodeID:s+ topologyKeys:[s
LabelSelectorRequirement key:s+ operator:s+ values:[s
TopologySelectorLabelRequirement key:s+ values:[s+
VolumeAttachmentSource inlineVolumeSpec:PersistentVolumeSpec persistentVolumeName:s
VolumeError errorCode:i message:s time:t
ConfigMapNodeConfigSource kubeletConfigKey:s+ name:s+ namespace:s+ resourceVersion:s uid:s
DaemonEndpoint Port:i+
NodeSwapStatus capacity:l
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts:b userNamespaces:b
SecretReference! name:s namespace:s
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm
 requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
 requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
 requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
EnvVar name:s+ value:s valueFrom:EnvVarSource
EnvFromSource configMapRef:ConfigMapEnvSource prefix:s secretRef:SecretEnvSource
Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:s
Probe exec:ExecAction failureThreshold:i grpc:GRPCAction httpGet:HTTPGetAction
 initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket:TCPSocketAction
 terminationGracePeriodSeconds:l timeoutSeconds:i
ContainerPort containerPort:i+ hostIP:s hostPort:i name:s protocol:s
ContainerResizePolicy resourceName:s+ restartPolicy:s+
ContainerRestartRule action:s+ exitCodes:ContainerRestartRuleOnExitCodes
SecurityContext allowPrivilegeEscalation:b appArmorProfile:AppArmorProfile
 capabilities:Capabilities privileged:b procMount:s readOnlyRootFilesystem:b runAsGroup:l
 runAsNonRoot:b runAsUser:l seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile
 windowsOptions:WindowsSecurityContextOptions
VolumeDevice devicePath:s+ name:s+
VolumeMount mountPath:s+ mountPropagation:s name:s+ readOnly:b recursiveReadOnly:s subPath:s
 subPathExpr:s
PodDNSConfigOption name:s value:s
core.ResourceClaim name:s+ request:s
AppArmorProfile localhostProfile:s type:s+
SELinuxOptions level:s role:s type:s user:s
SeccompProfile localhostProfile:s type:s+
Sysctl name:s+ value:s+
WindowsSecurityContextOptions gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b
 runAsUserName:s
AzureFileVolumeSource readOnly:b secretName:s+ shareName:s+
CephFSVolumeSource monitors:[s+ path:s readOnly:b secretFile:s secretRef:LocalObjectReference
 user:s
CinderVolumeSource fsType:s readOnly:b secretRef:LocalObjectReference volumeID:s+
ConfigMapVolumeSource defaultMode:i items:[KeyToPath name:s optional:b
CSIVolumeSource driver:s+ fsType:s nodePublishSecretRef:LocalObjectReference readOnly:b
 volumeAttributes:<s
DownwardAPIVolumeSource defaultMode:i items:[DownwardAPIVolumeFile
EmptyDirVolumeSource medium:s sizeLimit:q
EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
FlexVolumeSource driver:s+ fsType:s options:<s readOnly:b secretRef:LocalObjectReference
GitRepoVolumeSource directory:s repository:s+ revision:s
GlusterfsVolumeSource endpoints:s+ path:s+ readOnly:b
ImageVolumeSource pullPolicy:s reference:s
ISCSIVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:s+
 iscsiInterface:s lun:i+ portals:[s readOnly:b secretRef:LocalObjectReference targetPortal:s+
PersistentVolumeClaimVolumeSource claimName:s+ readOnly:b
ProjectedVolumeSource defaultMode:i sources:[VolumeProjection
RBDVolumeSource fsType:s image:s+ keyring:s monitors:[s+ pool:s readOnly:b
 secretRef:LocalObjectReference user:s
ScaleIOVolumeSource fsType:s gateway:s+ protectionDomain:s readOnly:b
 secretRef:LocalObjectReference+ sslEnabled:b storageMode:s storagePool:s system:s+ volumeName:s
SecretVolumeSource defaultMode:i items:[KeyToPath optional:b secretName:s
StorageOSVolumeSource fsType:s readOnly:b secretRef:LocalObjectReference volumeName:s
 volumeNamespace:s
ResourceStatus name:s+ resources:[ResourceHealth{resourceID}
ContainerState running:ContainerStateRunning terminated:ContainerStateTerminated
 waiting:ContainerStateWaiting
ContainerUser linux:LinuxContainerUser
VolumeMountStatus mountPath:s+ name:s+ readOnly:b recursiveReadOnly:s volumeStatus:VolumeStatus
ContainerExtendedResourceRequest containerName:s+ requestName:s+ resourceName:s+
ScopedResourceSelectorRequirement operator:s+ scopeName:s+ values:[s
ClientIPConfig timeoutSeconds:i
LoadBalancerIngress hostname:s ip:s ipMode:s ports:[PortStatus
NamedRuleWithOperations! apiGroups:[s apiVersions:[s operations:[s resourceNames:[s resources:[s
 scope:s
ApplyConfiguration expression:s
JSONPatch expression:s
admissionregistration.ServiceReference name:s+ namespace:s+ path:s port:i
ExpressionWarning fieldRef:s+ warning:s+
WebhookConversion clientConfig:apiextensions.WebhookClientConfig conversionReviewVersions:[s+
CustomResourceColumnDefinition description:s format:s jsonPath:s+ name:s+ priority:i type:s+
CustomResourceValidation openAPIV3Schema:JSONSchemaProps
SelectableField jsonPath:s+
CustomResourceSubresources scale:CustomResourceSubresourceScale status:*
RollingUpdateDaemonSet maxSurge:x maxUnavailable:x
RollingUpdateDeployment maxSurge:x maxUnavailable:x
RollingUpdateStatefulSetStrategy maxUnavailable:x partition:i
FieldSelectorAttributes rawSelector:s requirements:[FieldSelectorRequirement
LabelSelectorAttributes rawSelector:s requirements:[LabelSelectorRequirement
HPAScalingRules policies:[HPAScalingPolicy selectPolicy:s stabilizationWindowSeconds:i tolerance:q
ContainerResourceMetricSource container:s+ name:s+ target:MetricTarget+
ExternalMetricSource metric:MetricIdentifier+ target:MetricTarget+
ObjectMetricSource describedObject:autoscaling.CrossVersionObjectReference+
 metric:MetricIdentifier+ target:MetricTarget+
PodsMetricSource metric:MetricIdentifier+ target:MetricTarget+
ResourceMetricSource name:s+ target:MetricTarget+
ContainerResourceMetricStatus container:s+ current:MetricValueStatus+ name:s+
ExternalMetricStatus current:MetricValueStatus+ metric:MetricIdentifier+
ObjectMetricStatus current:MetricValueStatus+
 describedObject:autoscaling.CrossVersionObjectReference+ metric:MetricIdentifier+
PodsMetricStatus current:MetricValueStatus+ metric:MetricIdentifier+
ResourceMetricStatus current:MetricValueStatus+ name:s+
PodFailurePolicyRule action:s+ onExitCodes:PodFailurePolicyOnExitCodesRequirement
 onPodConditions:[PodFailurePolicyOnPodConditionsPattern
SuccessPolicyRule succeededCount:i succeededIndexes:s
ForNode name:s+
ForZone name:s+
NonResourcePolicyRule nonResourceURLs:[s{}+ verbs:[s{}+
ResourcePolicyRule apiGroups:[s{}+ clusterScope:b namespaces:[s{} resources:[s{}+ verbs:[s{}+
flowcontrol.Subject group:GroupSubject kind:s+ serviceAccount:ServiceAccountSubject
 user:UserSubject
LimitResponse queuing:QueuingConfiguration type:s+
IngressServiceBackend name:s+ port:ServiceBackendPort
HTTPIngressRuleValue paths:[HTTPIngressPath+
IngressLoadBalancerIngress hostname:s ip:s ports:[IngressPortStatus
NetworkPolicyPort endPort:i port:x protocol:s
NetworkPolicyPeer ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector
OpaqueDeviceConfiguration driver:s+ parameters:*+
CELDeviceSelector expression:s+
DeviceClaimConfiguration opaque:OpaqueDeviceConfiguration requests:[s
DeviceConstraint distinctAttribute:s matchAttribute:s requests:[s
DeviceRequest exactly:ExactDeviceRequest firstAvailable:[DeviceSubRequest name:s+
DeviceAllocationResult config:[DeviceAllocationConfiguration
 results:[DeviceRequestAllocationResult
NetworkDeviceData hardwareAddress:s interfaceName:s ips:[s
DeviceAttribute bool:b bools:[b int:l ints:[l string:s strings:[s version:s versions:[s
DeviceCapacity requestPolicy:CapacityRequestPolicy value:q+
DeviceCounterConsumption counterSet:s+ counters:<Counter+
NodeAllocatableResourceMapping allocationMultiplier:q capacityKey:s
DeviceTaint effect:s+ key:s+ timeAdded:t value:s
NodeSelectorTerm! matchExpressions:[NodeSelectorRequirement matchFields:[NodeSelectorRequirement
Counter value:q+
VolumeNodeResources count:i
PreferredSchedulingTerm preference:NodeSelectorTerm+ weight:i+
WeightedPodAffinityTerm podAffinityTerm:PodAffinityTerm+ weight:i+
PodAffinityTerm labelSelector:LabelSelector matchLabelKeys:[s mismatchLabelKeys:[s
 namespaceSelector:LabelSelector namespaces:[s topologyKey:s+
EnvVarSource configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector
 fileKeyRef:FileKeySelector resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector
ConfigMapEnvSource name:s optional:b
SecretEnvSource name:s optional:b
LifecycleHandler exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction
ExecAction command:[s
GRPCAction port:i+ service:s
HTTPGetAction host:s httpHeaders:[HTTPHeader path:s port:x+ scheme:s
TCPSocketAction host:s port:x+
ContainerRestartRuleOnExitCodes operator:s+ values:[i{}
Capabilities add:[s drop:[s
KeyToPath key:s+ mode:i path:s+
DownwardAPIVolumeFile fieldRef:ObjectFieldSelector mode:i path:s+
 resourceFieldRef:ResourceFieldSelector
PersistentVolumeClaimTemplate metadata:ObjectMeta spec:PersistentVolumeClaimSpec+
VolumeProjection clusterTrustBundle:ClusterTrustBundleProjection configMap:ConfigMapProjection
 downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection secret:SecretProjection
 serviceAccountToken:ServiceAccountTokenProjection
ResourceHealth health:s message:s resourceID:s+
ContainerStateRunning startedAt:t
ContainerStateTerminated containerID:s exitCode:i+ finishedAt:t message:s reason:s signal:i
 startedAt:t
ContainerStateWaiting message:s reason:s
LinuxContainerUser gid:l+ supplementalGroups:[l uid:l+
VolumeStatus image:ImageVolumeStatus
PortStatus error:s port:i+ protocol:s+
apiextensions.WebhookClientConfig caBundle:y service:apiextensions.ServiceReference url:s
JSONSchemaProps $ref:s $schema:s additionalItems:* additionalProperties:* allOf:[JSONSchemaProps
 anyOf:[JSONSchemaProps default:* definitions:<JSONSchemaProps dependencies:<* description:s
 enum:[* example:* exclusiveMaximum:b exclusiveMinimum:b externalDocs:ExternalDocumentation
 format:s id:s items:* maxItems:l maxLength:l maxProperties:l maximum:n minItems:l minLength:l
 minProperties:l minimum:n multipleOf:n not:JSONSchemaProps nullable:b oneOf:[JSONSchemaProps
 pattern:s patternProperties:<JSONSchemaProps properties:<JSONSchemaProps required:[s title:s
 type:s uniqueItems:b x-kubernetes-embedded-resource:b x-kubernetes-int-or-string:b
 x-kubernetes-list-map-keys:[s x-kubernetes-list-type:s x-kubernetes-map-type:s
 x-kubernetes-preserve-unknown-fields:b x-kubernetes-validations:[ValidationRule{rule}~rule
CustomResourceSubresourceScale labelSelectorPath:s specReplicasPath:s+ statusReplicasPath:s+
FieldSelectorRequirement key:s+ operator:s+ values:[s
HPAScalingPolicy periodSeconds:i+ type:s+ value:i+
MetricTarget averageUtilization:i averageValue:q type:s+ value:q
MetricIdentifier name:s+ selector:LabelSelector
MetricValueStatus averageUtilization:i averageValue:q value:q
PodFailurePolicyOnExitCodesRequirement containerName:s operator:s+ values:[i{}+
PodFailurePolicyOnPodConditionsPattern status:s type:s+
GroupSubject name:s+
ServiceAccountSubject name:s+ namespace:s+
UserSubject name:s+
QueuingConfiguration handSize:i queueLengthLimit:i queues:i
ServiceBackendPort! name:s number:i
HTTPIngressPath backend:IngressBackend+ path:s pathType:s+
IngressPortStatus error:s port:i+ protocol:s+
IPBlock cidr:s+ except:[s
ExactDeviceRequest adminAccess:b allocationMode:s capacity:CapacityRequirements count:l
 deviceClassName:s+ selectors:[DeviceSelector tolerations:[DeviceToleration
DeviceSubRequest allocationMode:s capacity:CapacityRequirements count:l deviceClassName:s+ name:s+
 selectors:[DeviceSelector tolerations:[DeviceToleration
DeviceAllocationConfiguration opaque:OpaqueDeviceConfiguration requests:[s source:s+
DeviceRequestAllocationResult adminAccess:b bindingConditions:[s bindingFailureConditions:[s
 consumedCapacity:<q device:s+ driver:s+ pool:s+ request:s+ shareID:s
 tolerations:[DeviceToleration
CapacityRequestPolicy default:q validRange:CapacityRequestPolicyRange validValues:[q
NodeSelectorRequirement key:s+ operator:s+ values:[s
ConfigMapKeySelector! key:s+ name:s optional:b
ObjectFieldSelector! apiVersion:s fieldPath:s+
FileKeySelector! key:s+ optional:b path:s+ volumeName:s+
ResourceFieldSelector! containerName:s divisor:q resource:s+
SecretKeySelector! key:s+ name:s optional:b
SleepAction seconds:l+
HTTPHeader name:s+ value:s+
ClusterTrustBundleProjection labelSelector:LabelSelector name:s optional:b path:s+ signerName:s
ConfigMapProjection items:[KeyToPath name:s optional:b
DownwardAPIProjection items:[DownwardAPIVolumeFile
PodCertificateProjection certificateChainPath:s credentialBundlePath:s keyPath:s keyType:s+
 maxExpirationSeconds:i signerName:s+ userAnnotations:<s
SecretProjection items:[KeyToPath name:s optional:b
ServiceAccountTokenProjection audience:s expirationSeconds:l path:s+
ImageVolumeStatus imageRef:s+
apiextensions.ServiceReference name:s+ namespace:s+ path:s port:i
ExternalDocumentation description:s url:s
ValidationRule fieldPath:s message:s messageExpression:s optionalOldSelf:b reason:s rule:s+
CapacityRequirements requests:<q
DeviceToleration effect:s key:s operator:s tolerationSeconds:l value:s
CapacityRequestPolicyRange max:q min:q+ step:q
)table";

// Group, version, kind, resource, scope (n: namespaced, c: cluster), `s` if status is a subresource,
// root type.
extern const std::string_view kKindTable;
const std::string_view kKindTable = R"table(
- v1 Binding bindings n - Binding
- v1 ComponentStatus componentstatuses c - ComponentStatus
- v1 ConfigMap configmaps n - ConfigMap
- v1 Endpoints endpoints n - Endpoints
- v1 Event events n - Event
- v1 LimitRange limitranges n - LimitRange
- v1 Namespace namespaces c s Namespace
- v1 Node nodes c s Node
- v1 PersistentVolumeClaim persistentvolumeclaims n s PersistentVolumeClaim
- v1 PersistentVolume persistentvolumes c s PersistentVolume
- v1 Pod pods n s Pod
- v1 PodTemplate podtemplates n - PodTemplate
- v1 ReplicationController replicationcontrollers n s ReplicationController
- v1 ResourceQuota resourcequotas n s ResourceQuota
- v1 Secret secrets n - Secret
- v1 ServiceAccount serviceaccounts n - ServiceAccount
- v1 Service services n s Service
admissionregistration.k8s.io v1 MutatingAdmissionPolicy mutatingadmissionpolicies c - MutatingAdmissionPolicy
admissionregistration.k8s.io v1 MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings c - MutatingAdmissionPolicyBinding
admissionregistration.k8s.io v1 MutatingWebhookConfiguration mutatingwebhookconfigurations c - MutatingWebhookConfiguration
admissionregistration.k8s.io v1 ValidatingAdmissionPolicy validatingadmissionpolicies c s ValidatingAdmissionPolicy
admissionregistration.k8s.io v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings c - ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io v1 ValidatingWebhookConfiguration validatingwebhookconfigurations c - ValidatingWebhookConfiguration
apiextensions.k8s.io v1 CustomResourceDefinition customresourcedefinitions c s CustomResourceDefinition
apiregistration.k8s.io v1 APIService apiservices c s APIService
apps v1 ControllerRevision controllerrevisions n - ControllerRevision
apps v1 DaemonSet daemonsets n s DaemonSet
apps v1 Deployment deployments n s Deployment
apps v1 ReplicaSet replicasets n s ReplicaSet
apps v1 StatefulSet statefulsets n s StatefulSet
authentication.k8s.io v1 SelfSubjectReview selfsubjectreviews c - SelfSubjectReview
authentication.k8s.io v1 TokenReview tokenreviews c - TokenReview
authorization.k8s.io v1 LocalSubjectAccessReview localsubjectaccessreviews n - LocalSubjectAccessReview
authorization.k8s.io v1 SelfSubjectAccessReview selfsubjectaccessreviews c - SelfSubjectAccessReview
authorization.k8s.io v1 SelfSubjectRulesReview selfsubjectrulesreviews c - SelfSubjectRulesReview
authorization.k8s.io v1 SubjectAccessReview subjectaccessreviews c - SubjectAccessReview
autoscaling v1 HorizontalPodAutoscaler horizontalpodautoscalers n s HorizontalPodAutoscaler
autoscaling v2 HorizontalPodAutoscaler horizontalpodautoscalers n s autoscaling.HorizontalPodAutoscaler
batch v1 CronJob cronjobs n s CronJob
batch v1 Job jobs n s Job
certificates.k8s.io v1 CertificateSigningRequest certificatesigningrequests c s CertificateSigningRequest
coordination.k8s.io v1 Lease leases n - Lease
discovery.k8s.io v1 EndpointSlice endpointslices n - EndpointSlice
events.k8s.io v1 Event events n - events.Event
flowcontrol.apiserver.k8s.io v1 FlowSchema flowschemas c s FlowSchema
flowcontrol.apiserver.k8s.io v1 PriorityLevelConfiguration prioritylevelconfigurations c s PriorityLevelConfiguration
networking.k8s.io v1 IngressClass ingressclasses c - IngressClass
networking.k8s.io v1 Ingress ingresses n s Ingress
networking.k8s.io v1 IPAddress ipaddresses c - IPAddress
networking.k8s.io v1 NetworkPolicy networkpolicies n - NetworkPolicy
networking.k8s.io v1 ServiceCIDR servicecidrs c s ServiceCIDR
node.k8s.io v1 RuntimeClass runtimeclasses c - RuntimeClass
policy v1 PodDisruptionBudget poddisruptionbudgets n s PodDisruptionBudget
rbac.authorization.k8s.io v1 ClusterRoleBinding clusterrolebindings c - ClusterRoleBinding
rbac.authorization.k8s.io v1 ClusterRole clusterroles c - ClusterRole
rbac.authorization.k8s.io v1 RoleBinding rolebindings n - RoleBinding
rbac.authorization.k8s.io v1 Role roles n - Role
resource.k8s.io v1 DeviceClass deviceclasses c - DeviceClass
resource.k8s.io v1 ResourceClaim resourceclaims n s ResourceClaim
resource.k8s.io v1 ResourceClaimTemplate resourceclaimtemplates n - ResourceClaimTemplate
resource.k8s.io v1 ResourceSlice resourceslices c - ResourceSlice
scheduling.k8s.io v1 PriorityClass priorityclasses c - PriorityClass
storage.k8s.io v1 CSIDriver csidrivers c - CSIDriver
storage.k8s.io v1 CSINode csinodes c - CSINode
storage.k8s.io v1 CSIStorageCapacity csistoragecapacities n - CSIStorageCapacity
storage.k8s.io v1 StorageClass storageclasses c - StorageClass
storage.k8s.io v1 VolumeAttachment volumeattachments c s VolumeAttachment
storage.k8s.io v1 VolumeAttributesClass volumeattributesclasses c - VolumeAttributesClass
)table";
// clang-format on

}  // namespace wavetank::cluster::api
