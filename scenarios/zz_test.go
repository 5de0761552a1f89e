package scenarios_test
import ("testing";"fmt";"sort";"seedbed.example/experiment";"seedbed.example/scenarios";"seedbed.example/sim")
func TestZZ(t *testing.T){
 s,_:=scenarios.Find("primarybackup")
 for _,m:=range []string{"sync","semi-sync"} {
 tot:=map[string]int{}
 type pair struct{seed uint64; n uint64}
 var ps []pair
 for seed:=uint64(0);seed<60;seed++{
  r,_:=s.Run(experiment.Config{Seed:seed,Record:true,Parameters:map[string]string{"mode":m}})
  ps=append(ps,pair{seed,r.Counts.Messages})
  for _,e:=range r.World.Trace().Events { if e.Kind==sim.SendEvent {tot[e.Name]++}}
 }
 sort.Slice(ps,func(i,j int)bool{return ps[i].n>ps[j].n})
 fmt.Println(m,tot,ps[:8])
 }
}
