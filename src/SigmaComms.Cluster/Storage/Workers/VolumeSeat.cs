using SigmaComms.Actors;
using SigmaComms.Cluster.Storage.Volumes;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>A volume that is served: its worker, and the way to its disk.</summary>
internal sealed record VolumeSeat(VolumeAccess Access, IActorRef Worker);
