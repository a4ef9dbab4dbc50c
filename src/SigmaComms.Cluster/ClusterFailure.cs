namespace SigmaComms.Cluster;

/// <summary>Why a node could not start or had to stop.</summary>
public enum ClusterFailure
{
    /// <summary>An option is out of its range or does not fit the others.</summary>
    InvalidOptions,

    /// <summary>Another process listens on the port.</summary>
    PortInUse,

    /// <summary>The endpoint cannot be listened on.</summary>
    EndpointUnusable,

    /// <summary>Another process uses the data directory.</summary>
    DataDirectoryInUse,

    /// <summary>The journal or the data directory cannot be used.</summary>
    StorageFailed,

    /// <summary>The node has no valid admission for this cluster.</summary>
    NotAdmitted,

    /// <summary>The node's admission has ended.</summary>
    AdmissionExpired,

    /// <summary>The seeds belong to another cluster.</summary>
    WrongCluster,

    /// <summary>Another live process uses the same identity.</summary>
    IdentityInUse,

    /// <summary>The clocks of the node and the cluster are too far apart.</summary>
    ClockTooFarOff,

    /// <summary>A seed refused for another reason.</summary>
    Refused,

    /// <summary>A part of the node failed more often than it may.</summary>
    Broken,
}
