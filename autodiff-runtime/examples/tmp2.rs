use autodiff_runtime::*;
use std::time::Instant;
use std::hint::black_box;
#[inline(never)]
fn f(x:&[Var])->Var { let mut s=Var::constant(0.0); for i in 0..x.len()-1 { let a=x[i+1]-x[i]*x[i]; let b=1.0-x[i]; s += 100.0*a*a + b*b; } s}
fn main(){
  let n=1000; let xs: Vec<f64>=(0..n).map(|i|0.5+0.4*(0.1*i as f64).sin()).collect();
  let tape=GradientTape::persistent();
  let mut best=[1e9f64;3];
  for _ in 0..20000 { 
   let t0=Instant::now(); tape.reset(); let x=tape.watch(black_box(&xs)); let t1=Instant::now(); let y=f(&x); let t2=Instant::now(); black_box(tape.gradient(y,&x)); let t3=Instant::now();
   for (b,d) in best.iter_mut().zip([t1-t0,t2-t1,t3-t2]) { *b=b.min(d.as_nanos() as f64); }
  }
  println!("{best:?}");
}
